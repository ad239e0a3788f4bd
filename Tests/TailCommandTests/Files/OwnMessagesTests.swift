import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct OwnMessagesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func identity(_ name: String) throws -> FileIdentity { try #require(FileIdentity(path: folder.file(name))) }

  @Test(
    arguments: [
      ("own.log", true), ("own.log.1", true), ("own.log.2.gz", true), ("own.log-20261125", true), ("other.log", false), ("own.logs", false),
    ])
  func areKnownByTheirNames(name: String, isOurs: Bool) throws {
    try folder.append(name, "x")
    #expect(OwnMessages(logfile: folder.file("own.log"), descriptor: -1).include(folder.file(name), try identity(name)) == isOurs)
    #expect(!OwnMessages(logfile: nil, descriptor: -1).include(folder.file(name), try identity(name)))
  }

  /// Rotation gives our log a new file under its name; standard error may lead to either.
  @Test func areKnownThroughRotation() throws {
    try folder.append("own.log", "x")
    let descriptor = open(folder.file("own.log"), O_WRONLY | O_APPEND | O_CLOEXEC)
    defer { close(descriptor) }
    let messages = OwnMessages(logfile: folder.file("own.log"), descriptor: descriptor)
    try folder.rename("own.log", to: "elsewhere")
    try folder.append("own.log", "new")
    #expect(messages.include(folder.file("elsewhere"), try identity("elsewhere")), "what standard error still writes to")
    #expect(messages.include(folder.file("own.log"), try identity("own.log")))
    try folder.link("link", to: "own.log")
    #expect(messages.include(folder.file("link"), try identity("link")), "by another name")
  }
}
