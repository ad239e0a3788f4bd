import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct FileIdentityTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func isTheSameUnderAnyName() throws {
    try folder.append("a", "x")
    try folder.append("b", "x")
    let before = try identity("a")
    #expect(try identity("b") != before)
    try folder.link("link", to: "a")
    #expect(try identity("link") == before)
    try folder.rename("a", to: "a.1")
    try folder.append("a.1", "more")
    #expect(try identity("a.1") == before)
  }

  @Test func theHeadStaysWhileTheFileGrows() throws {
    try folder.append("a", "first line\n")
    let old = try head("a")
    #expect(old.length == 11)
    try folder.append("a", String(repeating: "x", count: 1000))
    #expect(try head("a", length: old.length) == old)
    #expect(try head("a") != old)
    #expect(try head("a").length == FileHead.maximumLength)
    #expect(try head("a", length: .max).length == FileHead.maximumLength)
  }

  @Test(arguments: [("first line\n", "First line\n"), ("first line\n", "first line"), ("\u{0}", "\u{1}"), ("ab", "ba")])
  func anotherBeginningIsAnotherHead(one: String, other: String) throws {
    try folder.append("a", one)
    try folder.append("b", other)
    #expect(try head("a") != head("b"))
  }

  @Test func theHeadOfAnEmptyFileHasNoLength() throws {
    try folder.append("a", "")
    #expect(try head("a").length == 0)
  }

  @Test func aHeadThatCanNotBeReadIsAnError() { #expect(throws: SystemError.self) { try FileHead(descriptor: -1) } }

  private func identity(_ name: String) throws -> FileIdentity {
    var status = stat()
    guard stat(folder.file(name), &status) == 0 else { throw SystemError("look at \(name)") }
    return FileIdentity(status)
  }

  private func head(_ name: String, length: Int = FileHead.maximumLength) throws -> FileHead {
    let descriptor = open(folder.file(name), O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    return try FileHead(descriptor: descriptor, length: length)
  }
}
