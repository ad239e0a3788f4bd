import Testing

internal import Records
@testable internal import TailCommand
internal import TestSupport
internal import Unix

/// Rotation goes on while `cw-tail` looks, and between two looks files have names under which they are not found.
@Suite final class RotationMeanwhileTests {
  private let folder: TemporaryFolder
  private var output: [UInt8] = []
  private var warnings: [String] = []
  /// Monotonic, in nanoseconds.
  private var now: Int64 = 1_000_000_000_000
  /// What is done after a path was looked at, and before what it leads to is opened.
  private var meanwhile: () throws -> Void = {}
  private var isStalled = false

  init() throws { folder = try TemporaryFolder() }

  @Test func whatIsRotatedTwiceDuringALookIsReadInOrder() throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"])
    #expect(try drain(follower) == ["one"])
    try folder.rename("app.log", to: "app.log.1")
    try folder.append("app.log", "two\n")
    meanwhile = { [self] in
      try folder.rename("app.log.1", to: "app.log.2")
      try folder.rename("app.log", to: "app.log.1")
      try folder.append("app.log", "three\n")
    }
    follower.scan()
    now += Follower.rotationGrace
    #expect(try drain(follower) == ["two", "three"])
    follower.scan()
    #expect(try drain(follower) == [])
    #expect(warnings == [])
  }

  /// As while a program works on it, under a name that tells nothing.
  @Test(arguments: ["app.log", "svc/current"], [true, false])
  func whatWasHiddenIsReadBeforeWhatCameAfterIt(log: String, isStalled: Bool) throws {
    let old = (1...3).map { log == "svc/current" ? "svc/@40000000000000000000000\($0)" : "app.log-2026112\($0)" }
    try folder.makeFolder("svc")
    try folder.append(log, "one\n")
    let follower = follower([log])
    #expect(try drain(follower) == ["one"])
    self.isStalled = isStalled
    try folder.rename(log, to: old[0])
    try folder.append(log, "two\n")
    try folder.rename(log, to: "hidden")
    try folder.append(log, "three\n")
    follower.scan()
    #expect(try drain(follower) == [], "the first one may grow yet")
    try folder.rename("hidden", to: old[1])
    try folder.rename(log, to: old[2])
    try folder.append(log, "four\n")
    follower.scan()
    self.isStalled = false
    #expect(try finish(follower) == ["two", "three", "four"])
    #expect(warnings == [])
  }

  @Test func whatIsBeingProcessedComesBeforeTheNext() throws {
    try folder.append("current", "one\n")
    let follower = follower(["current"])
    #expect(try drain(follower) == ["one"])
    try folder.rename("current", to: "@400000000000000000000001.s")
    try folder.append("previous", "two\n")
    try folder.append("current", "three\n")
    follower.scan()
    // Other bytes than those it was made of, as after a filter: they are read as well.
    try folder.rename("previous", to: "@400000000000000000000002.s")
    follower.scan()
    #expect(try finish(follower) == ["two", "three"])
  }

  @Test func whatSvlogdMakesOfAFileIsNoneWhileThatIsThere() throws {
    try folder.append("current", "one\n")
    let follower = follower(["current"])
    #expect(try drain(follower) == ["one"])
    try folder.append("@400000000000000000000001.u", "two\n")
    try folder.append("@400000000000000000000001.t", "two\n")
    try folder.rename("current", to: "@400000000000000000000000.s")
    try folder.append("current", "three\n")
    follower.scan()
    try folder.remove("@400000000000000000000001.u")
    try folder.rename("@400000000000000000000001.t", to: "@400000000000000000000001.s")
    follower.scan()
    #expect(try finish(follower) == ["two", "three"])
  }

  /// An inode that a file beside the log had may be that of the log's next file.
  @Test func aNewFileWithTheInodeOfAnOldOneIsNotTakenForThat() throws {
    try folder.append("app.log.5", "long ago\n")
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"], .end)
    follower.scan()
    try folder.overwrite("app.log.5", "two\n")
    try folder.rename("app.log", to: "app.log.2")
    try folder.rename("app.log.5", to: "app.log.1")
    try folder.append("app.log", "three\n")
    follower.scan()
    #expect(try finish(follower) == ["two", "three"])
  }

  /// rsync: each time another inode, and all of them have more in them than the last ones.
  @Test(arguments: [true, false])
  func whatHasMoreThanADeletedFileTakesItsPlace(isStalled: Bool) throws {
    let lines = (0..<400).map { "line \($0) of the log" }
    func copy(_ range: Range<Int>, _ name: String) throws {
      try folder.append("new", lines[range].map { $0 + "\n" }.joined())
      try folder.rename("new", to: name)
    }
    try copy(0..<100, "app.log")
    let follower = follower(["app.log"])
    var found = try drain(follower)
    #expect(found.count == 100)
    self.isStalled = isStalled
    try copy(0..<200, "app.log")
    follower.scan()
    found += try drain(follower)
    try copy(0..<250, "app.log.1")
    try copy(250..<320, "app.log")
    follower.scan()
    found += try drain(follower)
    try copy(0..<250, "app.log.2")
    try copy(250..<350, "app.log.1")
    try copy(350..<400, "app.log")
    follower.scan()
    self.isStalled = false
    found += try finish(follower)
    #expect(found == lines)
    #expect(warnings == [])
  }

  /// Python's handlers compress the file, and remove it then; others copy it to another disk, or empty it. A look falls in between.
  @Test(arguments: ["gzip, rm", "gzip, truncate", "cp, rm", "cp, truncate"], [ReadBefore.nothing, .copy, .original, .all])
  func whatIsThereTwiceForAMomentIsReadOnce(steps: String, read: ReadBefore) throws {
    let isPlain = steps.hasPrefix("cp")
    let suffix = isPlain ? "" : ".gz"
    let lines = (0..<400).map { "line \($0) of the log" }
    func write(_ range: Range<Int>) throws { try folder.append("app.log", lines[range].map { $0 + "\n" }.joined()) }
    func copy() throws -> String {
      let arguments = isPlain ? ["cp", "-p", folder.file("app.log"), folder.file("made")] : ["gzip", "-k", folder.file("app.log")]
      #expect(try ChildProcess.run(arguments, outputLimit: 100, seconds: 10).termination == .exited(0))
      return isPlain ? "made" : "app.log.gz"
    }
    try write(0..<100)
    let follower = follower(["app.log"])
    var found = try drain(follower)
    #expect(found.count == 100)
    if read != .original {
      try folder.rename(copy(), to: "app.log.1\(suffix)")
      try folder.remove("app.log")
    }
    if read == .copy || read == .all {
      follower.scan()
      now += Follower.rotationGrace
      #expect(try drain(follower) == [])
    }
    try write(100..<300)
    if read != .original { try folder.rename("app.log.1\(suffix)", to: "app.log.2\(suffix)") }
    try folder.rename(copy(), to: "app.log.1\(suffix)")
    follower.scan()
    if read == .copy || read == .all {
      found += try drain(follower)
      #expect(found.count == 300, "the copy comes before what it was made of")
    }
    if steps.hasSuffix("rm") { try folder.remove("app.log") } else { try folder.overwrite("app.log", "") }
    if read == .all { follower.scan() }
    try write(300..<350)
    follower.scan()
    found += try finish(follower)
    try folder.rename("app.log", to: "app.log.0")
    try write(350..<400)
    follower.scan()
    found += try finish(follower)
    #expect(found == lines)
    #expect(warnings == [])
  }

  enum ReadBefore {
    /// When the original is gone or emptied.
    case nothing, copy, original
    /// As `copy`, with a look at the time at which no file is there.
    case all
  }

  /// Files that all begin with a header, one of which has nothing else: the next one, or an equal one, is no copy of that.
  @Test(arguments: [("gzip", "lost?\n"), ("gzip", ""), ("plain", "lost?\n")])
  func aFileWithNothingButAHeaderSwallowsNoOther(kind: String, rest: String) throws {
    let header = "# time, value\n"
    try folder.append("app.log", header)
    let follower = follower(["app.log"])
    var found = try drain(follower)
    func rotate() throws {
      guard kind == "gzip" else { return try folder.rename("app.log", to: "app.log.1") }
      #expect(try ChildProcess.run(["gzip", folder.file("app.log")], outputLimit: 100, seconds: 10).termination == .exited(0))
      try folder.rename("app.log.gz", to: "app.log.1.gz")
    }
    if kind == "gzip" { try rotate() } else { try folder.remove("app.log") }
    try folder.append("app.log", header + rest)
    if kind == "gzip" { try folder.rename("app.log.1.gz", to: "app.log.2.gz") }
    try rotate()
    try folder.append("app.log", header + "now\n")
    follower.scan()
    found += try finish(follower)
    let wanted = (header + header + rest + header + "now\n").split(separator: "\n").map(String.init)
    #expect(found == wanted)
  }

  /// cronolog makes a file before it points the link there.
  @Test func whatALinkDoesNotLeadToYetComesAfterWhatItLeadsTo() throws {
    try folder.append("access-20261201-000101.log", "one\n")
    try folder.link("app.log", to: "access-20261201-000101.log")
    let follower = follower(["app.log"])
    #expect(try drain(follower) == ["one"])
    try folder.append("access-20261201-000102.log", "two\n")
    try folder.append("access-20261201-000103.log", "three\n")
    func point(_ target: String) throws {
      try folder.remove("app.log")
      try folder.link("app.log", to: target)
      follower.scan()
    }
    try point("access-20261201-000102.log")
    try point("access-20261201-000103.log")
    #expect(try finish(follower) == ["two", "three"])
    try folder.append("access-20261201-000104.log", "four\n")
    try folder.append("access-20261201-000105.log", "five\n")
    try point("access-20261201-000105.log")
    #expect(try finish(follower) == ["four", "five"], "what lies between the last one and the target is late already")
  }

  /// A container's log, as the kubelet names it: what 1.log was before it was rotated has more numbers than 1.log, and is older.
  @Test func whatALinksTargetWasBeforeIsNotYoungerThanIt() throws {
    try folder.append("0.log", "one\n")
    try folder.link("web.log", to: "0.log")
    let follower = follower(["web.log"])
    #expect(try drain(follower) == ["one"])
    try folder.append("1.log.20261231-011705", "two\n")
    try folder.append("1.log.20261231-021705", "three\n")
    try folder.append("1.log", "four\n")
    try folder.remove("web.log")
    try folder.link("web.log", to: "1.log")
    follower.scan()
    #expect(try finish(follower) == ["two", "three", "four"])
  }

  /// Each list is in the order in which the files were written, all of them within one tick of the clock.
  @Test(arguments: [
    ["1.log", "2.log.20261231-041705.gz", "2.log.20261231-051705"], ["app.log.2", "app.log.1"],
    ["app.log-20261129", "app.log-20261130"], ["app.log.2", "app.log.1", "app.log-20261130"],
  ])
  func filesOfOneTimeAreInTheOrderOfTheirNumbers(names: [String]) {
    var status = stat()
    let files = names.enumerated().map { index, name in
      status.st_ino = numericCast(index)
      return RotatedFiles.File(
        path: name, status: status, relation: .init(isCertain: true, numbers: RotatedNames.numbers(of: name)), isLater: false,
        isKnownByInodeOnly: false)
    }
    #expect(RotatedFiles.sorted(files.reversed()).map(\.path) == names)
    #expect(RotatedFiles.sorted(files).map(\.path) == names)
  }

  // MARK: -

  private func follower(_ patterns: [String], _ start: Follower.Start = .start) -> Follower {
    var options = Follower.Options { _ in try EventAssembler(EventAssembler.Rules()) }
    options.start = { _ in start }
    options.monotonic = { [unowned self] in now }
    options.isOurs = { [unowned self] _, _ in
      let work = meanwhile
      meanwhile = {}
      #expect(throws: Never.self) { try work() }
      return false
    }
    options.warn = { [unowned self] in warnings.append($0) }
    let follower = Follower(
      FileFinder(patterns, workingDirectory: folder.path), stored: StoredPositions(),
      output: RecordOutput { [unowned self] in
        if isStalled { return 0 }
        output += Array($0)
        return $0.count
      }, options: options)
    follower.scan()
    return follower
  }

  /// What has come since the last time.
  private func drain(_ follower: Follower) throws -> [String] {
    let before = output.count
    while try follower.readPass() == .stopped {}
    return try WrittenRecord.all(output[before...]).compactMap(\.message)
  }

  /// The same, in the end.
  private func finish(_ follower: Follower) throws -> [String] {
    var found: [String] = []
    for _ in 0..<8 {
      now += Follower.rotationGrace
      found += try drain(follower)
      follower.scan()
    }
    return found
  }
}
