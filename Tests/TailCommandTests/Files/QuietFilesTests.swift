import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

/// A second in which nothing happens costs nothing, however many files there are, and no change is missed for that.
@Suite final class QuietFilesTests {
  private let folder: TemporaryFolder
  private var now: Int64 = 1_000_000_000_000
  private var output: [UInt8] = []

  private static let second: Int64 = 1_000_000_000

  /// Whether temporary files lie where changes are told.
  private static let isTold: Bool = {
    guard let folder = try? TemporaryFolder(), (try? folder.append("a", "")) != nil else { return false }
    return (try? FileByteSource(path: folder.file("a")))?.withDescriptor(FileWatcher.isLocal) ?? false
  }()

  init() throws { folder = try TemporaryFolder() }

  private func follower(_ patterns: [String], adjust: (inout Follower.Options) -> Void = { _ in }) throws -> Follower {
    let assembler = try EventAssembler(EventAssembler.Rules())
    var options = Follower.Options { _ in assembler }
    options.start = { _ in .start }
    options.monotonic = { [unowned self] in now }
    adjust(&options)
    let follower = Follower(
      FileFinder(patterns, workingDirectory: folder.path), stored: StoredPositions(),
      output: RecordOutput { [unowned self] in
        output += Array($0)
        return $0.count
      }, options: options)
    follower.scan()
    _ = try read(follower)
    return follower
  }

  private func read(_ follower: Follower) throws -> [String] {
    let before = output.count
    while try follower.readPass() != .done {}
    return try WrittenRecord.all(output[before...]).compactMap(\.message)
  }

  private func pass(_ seconds: Int64, _ follower: Follower) throws -> [String] {
    now += seconds * Self.second
    follower.quickScan()
    return try read(follower)
  }

  // Until the folder was listed long enough after its last change, which is within its clock's tick.
  private func settle(_ follower: Follower) throws {
    for _ in 0..<1000 {
      now += 1
      follower.quickScan()
      if follower.lastFullScan != now { return }
      usleep(5000)
    }
    Issue.record("the folder does not come to rest")
  }

  /// Changes a byte without any event, through mmap(2) by a writer that does not close the file.
  private func poke(_ descriptor: Int32, at offset: Int, _ byte: UInt8) throws {
    let memory = try #require(mmap(nil, offset + 1, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0))
    try #require(memory != MAP_FAILED)
    memory.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    msync(memory, offset + 1, MS_SYNC)
    munmap(memory, offset + 1)
  }

  @Test(.enabled(if: isTold)) func aQuietFileIsNotAskedAndTellsOfAChange() throws {
    for name in ["a.log", "b.log", "c.log"] { try folder.append(name, "one\n") }
    let follower = try follower(["*.log"])
    #expect(follower.watcher.count == 0)
    #expect(try pass(11, follower) == [])
    #expect(follower.logs.map(\.isWatched) == [true, true, true])
    #expect(follower.watcher.count == 3)
    var waiting = [pollfd(fd: try #require(follower.watcher.descriptor), events: Int16(POLLIN), revents: 0)]
    #expect(poll(&waiting, 1, 0) == 0)
    try folder.append("b.log", "two\n")
    #expect(poll(&waiting, 1, 0) == 1)
    #expect(try read(follower) == ["two"])
    #expect(poll(&waiting, 1, 0) == 0)
    #expect(follower.logs.map(\.isWatched) == [true, false, true])
    // While it is busy it tells nothing, and is asked.
    #expect(try pass(1, follower) == [])
    try folder.append("b.log", "three\n")
    #expect(poll(&waiting, 1, 0) == 0)
    #expect(try read(follower) == ["three"])
    #expect(try pass(11, follower) == [])
    #expect(follower.logs.map(\.isWatched) == [true, true, true])
    try folder.overwrite("a.log", "anew\n")
    #expect(try read(follower) == ["anew"])
  }

  @Test(.enabled(if: isTold)) func whatIsNotToldIsFoundBeforeLongAndTheFileIsAskedFromThenOn() throws {
    try folder.append("a.log", "one\ntwo......")
    let writer = open(folder.file("a.log"), O_RDWR | O_CLOEXEC)
    defer { close(writer) }
    let follower = try follower(["a.log"])
    try settle(follower)
    #expect(try pass(11, follower) == [])
    #expect(follower.logs[0].isWatched)
    try poke(writer, at: 7, 0x0A)
    #expect(try pass(1, follower) == [], "the file is not polled")
    #expect(try pass(20, follower) == ["two"])
    #expect(try pass(1, follower) == [])
    #expect(follower.logs[0].isWatchUnreliable)
    #expect(try pass(20, follower) == [])
    try poke(writer, at: 9, 0x0A)
    #expect(try read(follower) == ["."])
  }

  @Test(.enabled(if: isTold)) func withoutWatchesEachFileIsAsked() throws {
    for name in ["a.log", "b.log", "c.log"] { try folder.append(name, "one\n") }
    let follower = try follower(["*.log"], adjust: { $0.maximumWatches = 1 })
    for round in ["two", "three"] {
      #expect(try pass(11, follower) == [])
      #expect(follower.watcher.count == 1)
      for name in ["a.log", "b.log", "c.log"] { try folder.append(name, "\(round)\n") }
      #expect(try read(follower) == [round, round, round])
      #expect(follower.watcher.count == 0)
    }
  }

  @Test(.enabled(if: isTold)) func aFileThatIsClosedIsWatchedNoMore() throws {
    try folder.append("a.log", "one\n")
    let follower = try follower(["a.log"])
    #expect(try pass(11, follower) == [])
    #expect(follower.watcher.count == 1)
    try folder.rename("a.log", to: "elsewhere")
    try folder.append("a.log", "two\n")
    #expect(try pass(1, follower) + pass(6, follower) == ["two"])
    #expect(try pass(11, follower) == [])
    #expect(follower.openFiles.count == 1)
    #expect(follower.watcher.count == 1)
    #expect(follower.logs[0].isWatched)
  }

  @Test func aFolderThatHasNotChangedIsNotSearched() throws {
    try folder.append("a.log", "one\n")
    let follower = try follower(["*.log"])
    try settle(follower)
    let scanned = follower.lastFullScan
    for _ in 0..<5 { #expect(try pass(1, follower) == []) }
    #expect(follower.lastFullScan == scanned)
    // What appears, and what takes the place of another.
    try folder.append("b.log", "two\n")
    #expect(try pass(1, follower) == ["two"])
    try folder.append("new", "three\n")
    try folder.rename("new", to: "a.log")
    #expect(try pass(1, follower) + pass(6, follower) == ["three"])
    try settle(follower)
    let before = follower.lastFullScan
    #expect(try pass(21, follower) == [])
    #expect(follower.lastFullScan > before, "now and then all is looked at")
  }

  @Test func aLinkIsLookedAtAlthoughItsFolderDoesNotChange() throws {
    try folder.makeFolder("real")
    try folder.append("real/0.log", "one\n")
    try folder.link("a.log", to: "real/0.log")
    let follower = try follower(["*.log"])
    try settle(follower)
    let scanned = follower.lastFullScan
    try folder.rename("real/0.log", to: "real/1")
    try folder.append("real/0.log", "two\n")
    let messages = try pass(1, follower) + pass(6, follower)
    #expect(messages == ["two"])
    #expect(follower.lastFullScan == scanned)
  }

  @Test func aFolderThatIsNotThereYetIsNoReasonToSearch() throws {
    try folder.append("a.log", "one\n")
    let follower = try follower(["*.log", "later/*.log", "*/inner/b.log"])
    try settle(follower)
    try folder.makeFolder("later")
    try folder.append("later/c.log", "two\n")
    #expect(try pass(1, follower) == ["two"])
    try folder.makeFolder("later/inner")
    try folder.append("later/inner/b.log", "three\n")
    #expect(try pass(1, follower) == ["three"])
  }
}
