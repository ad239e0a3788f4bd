import TestSupport
import Testing
import Unix

@testable import CredsCommand

@Suite struct TokenFileTests {
  private let folder: TemporaryFolder
  private let token: AccessToken
  private var path: String { folder.file("token") }

  init() throws {
    folder = try TemporaryFolder()
    token = AccessToken(Array(3..<35))
  }

  private func status(_ name: String = "token") -> stat? {
    var status = stat()
    return lstat(folder.file(name), &status) == 0 ? status : nil
  }

  @Test func isForItsOwnerOnlyAndGoes() throws {
    let file = try TokenFile(token, at: path)
    #expect(try TextFile.read(path) == Array(token.text.utf8))
    #expect(status().map { $0.st_mode & 0o7777 } == 0o600)
    file.remove()
    #expect(status() == nil)
  }

  @Test func replacesWhatWasLeftThere() throws {
    try folder.append("token", "of a server that was killed, and readable by all")
    _ = try TokenFile(token, at: path)
    #expect(try TextFile.read(path) == Array(token.text.utf8))
    #expect(status().map { $0.st_mode & 0o7777 } == 0o600)
  }

  @Test func followsNoLink() throws {
    try folder.append("victim", "precious")
    try folder.link("token", to: "victim")
    _ = try TokenFile(token, at: path)
    #expect(try TextFile.read(folder.file("victim")) == Array("precious".utf8))
    #expect(status().map { $0.st_mode & S_IFMT } == S_IFREG)
  }

  @Test func leavesTheFileOfAnotherServer() throws {
    let first = try TokenFile(token, at: path)
    let second = try TokenFile(token, at: path)
    first.remove()
    #expect(status() != nil)
    second.remove()
    #expect(status() == nil)
  }

  @Test func aFailureLeavesNothing() throws {
    try folder.makeFolder("token")
    let error = thrown(SystemError.self) { _ = try TokenFile(token, at: path) }
    #expect(error?.action == "replace the token file \(path)")
    #expect(status("token.\(getpid())") == nil)
    #expect(thrown(SystemError.self) { _ = try TokenFile(token, at: folder.file("none/token")) }?.code == ENOENT)
  }
}
