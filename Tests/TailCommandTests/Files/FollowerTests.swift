import Testing

internal import Config
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite final class FollowerTests {
  private let folder: TemporaryFolder
  private var output: [UInt8] = []
  private var validationErrors: [String] = []
  private var warnings: [String] = []
  /// Monotonic, in nanoseconds.
  private var now: Int64 = 1_000_000_000_000
  private static let grace = Follower.rotationGrace

  init() throws { folder = try TemporaryFolder() }

  // MARK: - where it begins

  @Test(arguments: [(Follower.Start.start, ["old", "new"]), (.end, ["new"])])
  func beginsWhereItIsTold(start: Follower.Start, messages: [String]) throws {
    try folder.append("app.log", "old\n")
    let follower = follower(["app.log"], start)
    #expect(try drain(follower) == Array(messages.dropLast()))
    try folder.append("app.log", "new\n")
    #expect(try drain(follower) == ["new"])
  }

  @Test func aLineThatIsBeingWrittenWhenItComesIsSentWhole() throws {
    try folder.append("app.log", "old\nhal")
    try folder.append("one.log", "on")
    let follower = follower(["app.log", "one.log"], .end)
    #expect(try drain(follower) == [])
    try folder.append("app.log", "f\nnew\n")
    try folder.append("one.log", "e\n")
    #expect(try drain(follower) == ["half", "new", "one"])
  }

  @Test(arguments: [Follower.Start.start, .end], ["app.log", "*.log"])
  func aFileThatAppearsLaterIsReadFromItsStart(start: Follower.Start, pattern: String) throws {
    let follower = follower([pattern], start)
    #expect(try drain(follower) == [])
    try folder.append("app.log", "one\ntwo\n")
    #expect(try drain(follower) == [], "not found yet")
    scan(follower)
    #expect(try drain(follower) == ["one", "two"])
    #expect(follower.troubles.isEmpty)
  }

  @Test func aFileInAFolderThatAppearsLaterIsFound() throws {
    let follower = follower(["sub/*.log"], .end)
    try folder.makeFolder("sub")
    try folder.append("sub/app.log", "one\n")
    scan(follower)
    #expect(try drain(follower) == ["one"])
  }

  // MARK: - which files

  #if os(Linux)
    @Test func aNameThatIsNotUTF8HasOneSpelling() throws {
      try folder.append("x", "one\n")
      #expect(FileName.rename(folder.file("x"), to: folder.file("caf\u{10FFE9}.log")))
      #expect(try drain(follower(["caf*.log"], .start)) == ["one"])
      #expect(sources == [folder.file("caf\u{10FFE9}.log")])
    }
  #endif

  @Test func ourOwnMessagesAreNotFollowed() throws {
    try folder.append("own.log", "one\n")
    try folder.append("app.log", "two\n")
    let follower = follower(["*.log"], .start, refused: ["own.log"])
    #expect(try drain(follower) == ["two"])
    scan(follower)
    #expect(warnings.count == 1 && warnings[0].contains("own messages"), "told once")
    #expect(follower.troubles.isEmpty)
  }

  @Test(arguments: [["app.log", "app.log"], ["app.log", "*.log"], ["*.log", "a*"], ["app.log", "link.log"], ["*.log", "link.log"]])
  func twoPatternsForOneFileAreOneFile(patterns: [String]) throws {
    try folder.append("app.log", "one\n")
    try folder.link("link.log", to: "app.log")
    let follower = follower(patterns, .start)
    #expect(try drain(follower) == ["one"])
    scan(follower)
    try folder.append("app.log", "two\n")
    #expect(try drain(follower) == ["two"])
    #expect(sources == [folder.file("app.log")])
  }

  @Test func filesKeepTheirOwnLines() throws {
    try folder.append("a.log", "a1\na2\n")
    try folder.append("b.log", "b1\n")
    let follower = follower(["*.log"], .start)
    #expect(try drain(follower) == ["a1", "a2", "b1"])
    #expect(try WrittenRecord.all(output).map(\.source) == [folder.file("a.log"), folder.file("a.log"), folder.file("b.log")])
  }

  @Test func knowsWhatItCannotRead() throws {
    try folder.makeFolder("sub")
    try folder.append("app.log", "one\n")
    try #require(mkfifo(folder.file("fifo"), 0o644) == 0)
    let follower = follower(["missing", "sub", "fifo", "app.log", "none*"], .start)
    #expect(follower.troubles == [folder.file("missing"): ENOENT, folder.file("sub"): EISDIR, folder.file("fifo"): ENOTSUP])
    #expect(try drain(follower) == ["one"])
    scan(follower)
    #expect(validationErrors.count == 3, "each is told once")
    #expect(zip(validationErrors, ["missing", "sub", "fifo"]).allSatisfy { $0.contains(folder.file($1)) })
    try folder.append("missing", "here now\n")
    scan(follower)
    #expect(follower.troubles[folder.file("missing")] == nil)
    #expect(try drain(follower) == ["here now"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func aFileThatMayBeReadLaterIsReadFromItsStart() throws {
    try folder.append("app.log", "one\n")
    chmod(folder.file("app.log"), 0)
    let follower = follower(["app.log"], .start)
    #expect(follower.troubles == [folder.file("app.log"): EACCES])
    chmod(folder.file("app.log"), 0o644)
    scan(follower)
    #expect(try drain(follower) == ["one"])
    #expect(follower.troubles.isEmpty)
  }

  // MARK: - rotation

  @Test func aRenamedFileIsReadOnBeforeTheNewOne() throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"], .start)
    #expect(try drain(follower) == ["one"])
    try folder.rename("app.log", to: "app.log.1")
    try folder.append("app.log.1", "two\n")
    try folder.append("app.log", "four\n")
    scan(follower)
    try folder.append("app.log.1", "three\n")
    #expect(try drain(follower) == ["two", "three"], "its writer may not know yet")
    try folder.append("app.log.1", "late\n")
    #expect(try drain(follower) == ["late"])
    now += Self.grace
    #expect(try drain(follower) == ["four"])
    #expect(sources == [folder.file("app.log")])
  }

  @Test func aRenamedFileWithoutASuccessorIsReadOn() throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"], .start)
    try folder.rename("app.log", to: "app.log.1")
    scan(follower)
    try folder.append("app.log.1", "two\n")
    #expect(try drain(follower) == ["one", "two"])
    try folder.append("app.log", "three\n")
    scan(follower)
    now += Self.grace
    #expect(try drain(follower) == ["three"])
    #expect(follower.troubles.isEmpty)
  }

  @Test func theLastLineOfARotatedFileWaitsForItsLineFeed() throws {
    try folder.append("app.log", "one\ntwo")
    let follower = follower(["app.log"], .start)
    try folder.rename("app.log", to: "app.log.1")
    scan(follower)
    #expect(try drain(follower) == ["one"])
    try folder.append("app.log.1", "!\n")
    #expect(try drain(follower) == ["two!"])
  }

  @Test(arguments: ["app.log", "app.log*"])
  func theLastLineOfAFileThatIsOverNeedsNoLineFeed(pattern: String) throws {
    try folder.append("app.log", "one\ntwo")
    let follower = follower([pattern], .start)
    #expect(try drain(follower) == ["one"])
    try folder.rename("app.log", to: "app.log.1")
    try folder.append("app.log", "three\n")
    scanLongAgo(follower)
    #expect(try drain(follower) == ["two", "three"])
  }

  @Test(arguments: ["app.log*", "*"])
  func aGlobThatFindsARotatedFileAgainRepeatsNothing(pattern: String) throws {
    try folder.append("app.log", "one\ntwo\n")
    let follower = follower([pattern], .start)
    #expect(try drain(follower) == ["one", "two"])
    for generation in 1...3 {
      for old in stride(from: generation - 1, through: 1, by: -1) { try folder.rename("app.log.\(old)", to: "app.log.\(old + 1)") }
      try folder.rename("app.log", to: "app.log.1")
      try folder.append("app.log", "new \(generation)\n")
      scanLongAgo(follower)
      #expect(try drain(follower) == ["new \(generation)"])
      for _ in 0..<3 {
        scanLongAgo(follower)
        #expect(try drain(follower) == [])
      }
    }
    #expect(sources == [folder.file("app.log")])
  }

  @Test func aFileThatIsEmptiedBeginsAnew() throws {
    try folder.append("app.log", "one\ntwo\n")
    let follower = follower(["app.log"], .end)
    try folder.append("app.log", "three\n")
    #expect(try drain(follower) == ["three"])
    try folder.overwrite("app.log", "four\n")
    #expect(try drain(follower) == ["four"])
    try folder.overwrite("app.log", "")
    #expect(try drain(follower) == [])
    try folder.append("app.log", "five\n")
    #expect(try drain(follower) == ["five"])
  }

  @Test func halfALineOfAnEmptiedFileIsForgotten() throws {
    try folder.append("app.log", "one\nhalf a line that is gone")
    let follower = follower(["app.log"], .start)
    #expect(try drain(follower) == ["one"])
    try folder.overwrite("app.log", "a\n")
    #expect(try drain(follower).last == "a")
    #expect(warnings.count == 1 && warnings[0].contains("24 bytes"), "a warning is given")
  }

  @Test(arguments: [true, false])
  func aFileThatIsDeletedAndMadeAgainBeginsAtItsStart(wasSeenMissing: Bool) throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"], .end)
    for round in 1...3 {
      try folder.append("app.log", "before \(round)\n")
      try folder.remove("app.log")
      if wasSeenMissing {
        scan(follower)
        #expect(follower.troubles == [folder.file("app.log"): ENOENT])
      }
      try folder.append("app.log", "after \(round)\n")
      scan(follower)
      now += Self.grace
      #expect(try drain(follower) == ["before \(round)", "after \(round)"])
    }
  }

  /// ext4 and others give the inode of a deleted file to the next one that is made.
  @Test func aNewFileWithTheInodeOfAFinishedOneBeginsAtItsStart() throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["*"], .start)
    #expect(try drain(follower) == ["one"])
    try folder.rename("app.log", to: "app.log.1")
    scanLongAgo(follower)
    #expect(try drain(follower) == [])
    // Closed by now, so its inode is free when it goes.
    try folder.remove("app.log.1")
    try folder.append("other", "two\nthree\n")
    scan(follower)
    #expect(try drain(follower) == ["two", "three"])
  }

  @Test func logsOfWhichThereIsNoEndAreForgotten() throws {
    let follower = follower(["*.log"], .start, adjust: { $0.maximumGoneLogs = 0 })
    for day in 1...20 {
      try folder.append("\(day).log", "\(day)\n")
      scan(follower)
      #expect(try drain(follower) == ["\(day)"])
      try folder.remove("\(day).log")
      scanLongAgo(follower)
      #expect(try drain(follower) == [])
    }
    scan(follower)
    #expect(follower.logs.isEmpty && follower.logsByPath.isEmpty && follower.openFiles.isEmpty)
    try folder.append("1.log", "again\n")
    scan(follower)
    #expect(try drain(follower) == ["again"])
  }

  @Test func aFinishedFileThatIsGoneIsForgotten() throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["*"], .start)
    #expect(try drain(follower) == ["one"])
    try folder.rename("app.log", to: "app.log.1")
    scanLongAgo(follower)
    #expect(try drain(follower) == [])
    try folder.remove("app.log.1")
    scan(follower)
    // Perhaps with its inode, and begins as it did.
    try folder.append("other", "one\ntwo\n")
    scan(follower)
    #expect(try drain(follower) == ["one", "two"])
  }

  @Test func aLinkThatLeadsToAnotherFileIsARotation() throws {
    try folder.append("one", "1\n")
    try folder.append("two", "3\n")
    try folder.link("current", to: "one")
    let follower = follower(["current"], .start)
    #expect(try drain(follower) == ["1"])
    try folder.remove("current")
    try folder.link("current", to: "two")
    try folder.append("one", "2\n")
    scan(follower)
    now += Self.grace
    #expect(try drain(follower) == ["2", "3"])
    #expect(sources == [folder.file("current")])
  }

  /// However often the file is rotated, each line comes once, in order, under one name.
  @Test(arguments: 1...15 as ClosedRange<UInt64>)
  func eachLineComesOnceThroughAnyRotation(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    var written: [String] = []
    var received: [String] = []
    var generation = 0
    try folder.append("app.log", "")
    let follower = follower(["app.log"], .end)
    for _ in 0..<120 {
      switch random.pick(0...5) {
      case 0, 1, 2:
        for _ in 0...random.pick(0...5) {
          written.append("line \(written.count)")
          try folder.append("app.log", "line \(written.count - 1)\n")
        }
      case 3: received += try drain(follower)
      case 4: random.oneIn(2) ? scan(follower) : scanLongAgo(follower)
      default:
        generation += 1
        try folder.rename("app.log", to: "old.\(generation)")
        if random.oneIn(2) {
          written.append("line \(written.count)")
          try folder.append("old.\(generation)", "line \(written.count - 1)\n")
        }
        try folder.append("app.log", "")
        random.oneIn(2) ? scan(follower) : scanLongAgo(follower)
      }
    }
    for _ in 0..<generation + 1 {
      scan(follower)
      now += Self.grace
      received += try drain(follower)
    }
    #expect(received == written)
    #expect(sources == [folder.file("app.log")])
  }

  @Test(arguments: [nil, "utf-16"])
  func sayThatAFileIsInAnotherEncoding(encoding: String?) throws {
    try folder.append("wide.log", [0xFF, 0xFE, 0x61, 0, 0x0A, 0])
    let follower = follower(
      ["wide.log"], .start, adjust: { options in options.assembler = { _ in try EventAssembler(EventAssembler.Rules(encoding: encoding)) } }
    )
    #expect((try drain(follower).first == "a") == (encoding != nil))
    #expect(warnings.count == (encoding == nil ? 1 : 0) && warnings.allSatisfy { $0.contains("utf-16") })
  }

  /// Both logs share the form.
  @Test func sayOfEachLogThatItsLinesHaveNoTime() throws {
    let assembler = try EventAssembler(EventAssembler.Rules(timestampFormat: "%Y-%m-%d", timezone: .utc))
    for name in ["a.log", "b.log", "c.log"] {
      for line in 0..<(name == "b.log" ? 60 : 150) { try folder.append(name, "\(line) without a date\n") }
    }
    let follower = follower(["*.log"], .start, adjust: { $0.assembler = { _ in assembler } })
    #expect(try drain(follower).count == 360)
    #expect(warnings.map { $0.prefix { $0 != ":" }.suffix(5) }.sorted() == ["a.log", "c.log"])
  }

  @Test func tellsWhatIsReadThoseWhoAsk() throws {
    var lines: [String] = []
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"], .end, adjust: { $0.inform = { lines.append($0) } })
    try folder.rename("app.log", to: "app.log.1")
    try folder.append("app.log", "two\n")
    scan(follower)
    #expect(lines == ["reading \(folder.file("app.log")) from byte 4", "reading \(folder.file("app.log")) from byte 0"])
  }

  // MARK: - bounds

  /// Six files, of which two may be open.
  @Test func moreFilesThanDescriptorsAreAllRead() throws {
    let names = (1...6).map { "\($0).log" }
    for name in names { try folder.append(name, "one \(name)\n") }
    let follower = follower(["*.log"], .start, adjust: { $0.maximumOpenFiles = 2 })
    func readAll() throws -> [String] {
      var messages = try drain(follower)
      while follower.needsScan, follower.scan() { messages += try drain(follower) }
      return messages
    }
    #expect(try readAll() == names.map { "one \($0)" })
    #expect(follower.openFiles.count == 2)
    for round in ["two", "three"] {
      for name in names.reversed() { try folder.append(name, "\(round) \(name)\n") }
      scan(follower)
      #expect(Set(try readAll()) == Set(names.map { "\(round) \($0)" }))
      scan(follower)
      #expect(try readAll() == [], "nothing comes twice")
    }
  }

  /// While the reader stalls, deleted files keep their place on the disk, but not without end; what is given up is told.
  @Test(arguments: [(100, [], 0), (25, ["1"], 1), (5, ["1", "2"], 2)])
  func deletedFilesAreHeldUpToABound(bound: Int, givenUp: [String], gaps: Int) throws {
    try folder.append("app.log", "")
    var isBlocked = true
    let follower = follower(["app.log"], .start, isBlocked: { isBlocked }, adjust: { $0.maximumHeld = Int64(bound) })
    for number in ["1", "2"] {
      try folder.append("app.log", String(repeating: number, count: 19) + "\n")
      try folder.remove("app.log")
      try folder.append("app.log", "")
      scan(follower)
    }
    scan(follower)
    isBlocked = false
    now += Self.grace
    let messages = try drain(follower)
    #expect(warnings.count == gaps && messages.filter { $0.contains("20 bytes of it unread") }.count == gaps)
    #expect(messages.filter { !$0.contains("unread") }.map { String($0.prefix(1)) } == ["1", "2"].filter { !givenUp.contains($0) })
  }

  // MARK: - the output

  @Test func aReaderThatTakesNothingKeepsNothingFromBeingSeen() throws {
    try folder.append("app.log", "one\n")
    var isBlocked = true
    let follower = follower(["app.log"], .start, isBlocked: { isBlocked })
    #expect(try follower.readPass() == .blocked)
    for generation in 2...4 {
      try folder.rename("app.log", to: "app.log.\(5 - generation)")
      try folder.append("app.log", "generation \(generation)\n")
      scan(follower)
      #expect(try follower.readPass() == .blocked)
    }
    for old in 1...3 { try folder.remove("app.log.\(old)") }
    isBlocked = false
    now += Self.grace
    #expect(try drain(follower).filter { $0 != "one" } == ["generation 2", "generation 3", "generation 4"])
    #expect(try WrittenRecord.all(output).compactMap(\.message).first == "one")
    #expect(warnings == [])
  }

  @Test func theEndCountsTheRecords() throws {
    try folder.append("app.log", "one\n\ntwo\n\n")
    let follower = follower(["app.log"], .start)
    _ = try follower.readPass()
    follower.end()
    #expect(try follower.output.flush())
    let lines = output.split(separator: 0x0A)
    #expect(lines.last.map { String(decoding: $0, as: UTF8.self) } == "{\"end\":\(lines.count - 1)}")
    #expect(lines.count - 1 >= 2)
  }

  @Test func theLastRecordCoversEverything() throws {
    try folder.append("app.log", "one\ntwo\n")
    let follower = follower(["app.log"], .start)
    _ = try drain(follower)
    #expect(try WrittenRecord.all(output).last?.hasPosition == true)
    output = []
    try folder.append("app.log", "three")
    _ = try follower.readPass(isLast: true)
    #expect(try WrittenRecord.all(output).map(\.message) == ["three"])
    #expect(try WrittenRecord.all(output).last?.hasPosition == true)
  }

  @Test func stoppingLeavesTheRestForLater() throws {
    try folder.append("app.log", "one\n")
    let follower = follower(["app.log"], .start)
    #expect(try follower.readPass { true } == .stopped)
    #expect(output.isEmpty)
    #expect(try drain(follower) == ["one"])
  }

  @Test func anOutputThatFailsEndsIt() throws {
    struct Broken: Error {}
    try folder.append("app.log", "one\n")
    var options = Follower.Options { _ in try EventAssembler(EventAssembler.Rules()) }
    options.start = { _ in .start }
    let follower = Follower(
      FileFinder(["app.log"], workingDirectory: folder.path), stored: StoredPositions(), output: RecordOutput { _ in throw Broken() },
      options: options)
    scan(follower)
    #expect(throws: Broken.self) { try follower.readPass() }
  }

  /// More than one turn of one file, so that the other is not held up.
  @Test func aLargeFileDoesNotHoldUpOthers() throws {
    let lines = (0..<100).map { "\($0) " + String(repeating: "x", count: 100_000) }
    try folder.append("a.log", lines.joined(separator: "\n") + "\n")
    try folder.append("b.log", "quiet\n")
    let follower = follower(["*.log"], .start)
    var messages = try drain(follower)
    #expect(messages.last != "quiet")
    messages.removeAll { $0 == "quiet" }
    #expect(messages == lines)
  }

  // MARK: -

  private func follower(
    _ patterns: [String], _ start: Follower.Start, stored: StoredPositions = StoredPositions(), refused: [String] = [],
    isBlocked: @escaping () -> Bool = { false }, adjust: (inout Follower.Options) -> Void = { _ in }
  ) -> Follower {
    var options = Follower.Options { _ in try EventAssembler(EventAssembler.Rules()) }
    options.start = { _ in start }
    options.monotonic = { [unowned self] in now }
    options.onTrouble = { [unowned self] in validationErrors.append($0) }
    options.isOurs = { [folder] path, _ in refused.contains { folder.file($0) == path } }
    options.warn = { [unowned self] in warnings.append($0) }
    adjust(&options)
    let follower = Follower(
      FileFinder(patterns, workingDirectory: folder.path), stored: stored,
      output: RecordOutput { [unowned self] in
        if isBlocked() { return 0 }
        output += Array($0)
        return $0.count
      }, options: options)
    scan(follower)
    return follower
  }

  private func scan(_ follower: Follower) { follower.scan() }

  /// Looks at the paths, and so long passes that a rotated file is over once it is read.
  private func scanLongAgo(_ follower: Follower) {
    follower.scan()
    now += Self.grace
  }

  /// What has come since the last time.
  private func drain(_ follower: Follower) throws -> [String] {
    let before = output.count
    while try follower.readPass() != .done {}
    return try WrittenRecord.all(output[before...]).compactMap(\.message)
  }

  private var sources: Set<String> { Set((try? WrittenRecord.all(output))?.map(\.source) ?? []) }
}
