import Testing

internal import Records
@testable internal import TailCommand
internal import TestSupport
internal import Unix

/// What is not delivered is told by the files alone, whatever was done to them since.
@Suite final class BacklogTests {
  private let machine: LoggingMachine

  init() throws { machine = try LoggingMachine() }

  private func backlogs() throws -> [[UInt8]: Backlog] {
    try Backlog.all(FileFinder(machine.patterns, workingDirectory: machine.folder.path), behind: machine.memory)
  }

  private func backlog(of name: String = "app.log") throws -> Backlog {
    try #require(backlogs()[Array(machine.folder.file(name).utf8)])
  }

  private func expect(
    _ bytes: Int64, isExact: Bool = true, _ trouble: Backlog.Trouble? = nil, location: SourceLocation = #_sourceLocation
  ) throws {
    let backlog = try backlog()
    #expect(backlog.bytes == bytes, sourceLocation: location)
    #expect(backlog.isExact == isExact, sourceLocation: location)
    #expect(backlog.trouble == trouble, sourceLocation: location)
  }

  @Test func countsWhatWasWrittenSince() throws {
    try machine.write("one\ntwo\n")
    try machine.run()
    try expect(0)
    try machine.write("three\nfour\n")
    try expect(11)
    try machine.write("half")
    try expect(11)
    try machine.write(" a line\n")
    try expect(23)
  }

  @Test func aLineThatIsNotWholeIsNotBehindHoweverLongItIs() throws {
    try machine.write("one\n")
    try machine.run()
    try machine.write(String(repeating: "x", count: 200_000))
    try expect(0)
    try machine.write("\n" + String(repeating: "y", count: 100_000))
    try expect(200_001)
    // Longer than an event may be: parts of it can be sent.
    try machine.write(String(repeating: "y", count: 1_100_000))
    try expect(1_400_001)
  }

  @Test(arguments: ["rename", "date", "copy and truncate", "elsewhere"])
  func countsRotatedFiles(way: String) throws {
    try machine.write("one\ntwo\n")
    try machine.run()
    try machine.write("three\nhalf")
    switch way {
    case "rename": try machine.rotate()
    case "date": try machine.folder.rename("app.log", to: "app.log-20261125")
    case "copy and truncate": try machine.copyAndTruncate()
    default: try machine.folder.rename("app.log", to: "whatever")
    }
    try expect(10)
    try machine.write("five\n")
    try expect(15)
    try machine.run()
    try expect(0)
  }

  @Test func countsAllGenerations() throws {
    try machine.write("old\n")
    try machine.run()
    for line in ["1\n", "22\n", "333\n"] {
      try machine.write(line)
      try machine.rotate()
    }
    try machine.write("4444\n")
    try expect(14)
  }

  @Test func compressedFilesCountAsLargeAsTheyLieThere() throws {
    try machine.write("one\n")
    try machine.run()
    try machine.write("two\n")
    try machine.rotate()
    try machine.write("three\n")
    try machine.rotate(compress: true)
    var status = stat()
    try #require(stat(machine.folder.file("app.log.1.gz"), &status) == 0)
    try expect(4 + Int64(status.st_size), isExact: false)
    try machine.run()
    try expect(0)
    // What comes after it.
    try machine.write("four\n")
    try expect(5)
    #expect(try backlog().since > 0)
  }

  private func gzip(_ name: String, keepsTime: Bool) throws {
    try #require(try ChildProcess.run(["gzip", machine.folder.file(name)], outputLimit: 100, seconds: 10).termination == .exited(0))
    if !keepsTime { machine.touch("\(name).gz") }
  }

  @Test("a log by date whose writer has compressed it", arguments: [true, false])
  func aLogThatWasCompressedIsNotBehind(keepsTime: Bool) throws {
    machine.patterns = ["*.log"]
    try machine.write("one\ntwo\n")
    try machine.run()
    try gzip("app.log", keepsTime: keepsTime)
    try expect(0)
    try machine.run()
    try expect(0)
    try machine.write("three\n")
    try expect(6)
  }

  @Test(arguments: [true, false])
  func aDeliveredFileThatWasCompressedIsNotBehind(keepsTime: Bool) throws {
    try machine.write("one\ntwo\n")
    try machine.run { machine in
      try machine.rotate()
      machine.pass(seconds: 1)
      try machine.readPass()
    }
    try expect(0)
    try gzip("app.log.1", keepsTime: keepsTime)
    try expect(0)
    try machine.write("three\n")
    try expect(6)
  }

  @Test func saysThatTheFileIsGone() throws {
    try machine.write("one\n")
    try machine.run()
    try machine.folder.remove("app.log")
    try expect(0, .gone)
    try machine.write("two\nthree\n")
    try expect(10, isExact: false, .positionGone)
  }

  @Test func aFileThatIsNotThereYet() throws {
    try machine.run()
    try expect(0, .noFileYet)
    try machine.write("one\n")
    try expect(4)
  }

  @Test func aFolderInItsPlaceCannotBeRead() throws {
    try machine.write("one\n")
    try machine.run()
    try machine.folder.remove("app.log")
    try machine.folder.makeFolder("app.log")
    try expect(0, .unreadable(EISDIR))
  }

  @Test func withTooFewDescriptorsItIsNotKnown() throws {
    machine.patterns = ["*.log"]
    try machine.write("one\n")
    try machine.folder.append("b.log", "one\n")
    try machine.run()
    let finder = FileFinder(machine.patterns, workingDirectory: machine.folder.path)
    let backlogs = try Backlog.all(finder, behind: machine.memory) { $0.maximumOpenFiles = 1 }
    #expect(Set(backlogs.values.map { "\($0.trouble as Any)" }) == ["nil", "\(Backlog.Trouble.unreadable(EMFILE) as Any?)"])
  }

  @Test func whatWasReadUnderAnotherNameIsNotBehind() throws {
    machine.patterns = ["*.log"]
    try machine.write("one\n")
    try machine.run()
    try machine.folder.rename("app.log", to: "new.log")
    #expect(try backlogs().values.map(\.bytes).reduce(0, +) == 0)
    try machine.run()
    #expect(try backlogs().values.map(\.bytes).reduce(0, +) == 0)
    try machine.folder.append("new.log", "two\n")
    #expect(try backlogs().values.map(\.bytes).reduce(0, +) == 4)
  }
}
