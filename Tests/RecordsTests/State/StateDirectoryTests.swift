import TestSupport
import Testing
import Unix

@testable import Records

@Suite struct StateDirectoryTests {
  static let cases: [(option: String?, variable: String?, configured: String?, expected: String?)] = [
    (nil, nil, nil, nil),
    (nil, nil, "/c", "/c"),
    (nil, "/v", "/c", "/v"),
    (nil, "/v:/w", nil, "/v"),
    ("/o", "/v", "/c", "/o"),
  ]

  @Test(arguments: 0..<5) func theOptionWinsThenTheEnvironmentThenTheConfiguration(_ index: Int) {
    let (option, variable, configured, expected) = Self.cases[index]
    let found = StateDirectory.find(
      option: option, environment: { $0 == "STATE_DIRECTORY" ? variable : nil }, configured: configured)
    #expect(found?.path == expected)
  }

  @Test func itIsMadeForItsOwnerAlone() throws {
    let folder = try TemporaryFolder()
    let directory = StateDirectory(folder.file("a/b/c"))
    try directory.create()
    try directory.create()
    var status = stat()
    #expect(stat(directory.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
  }

  // Only root can make a directory of another user.
  @Test(.enabled(if: geteuid() == 0)) func rootUsesNoStateOfAnotherUser() throws {
    let folder = try TemporaryFolder()
    let theirs = folder.file("theirs")
    try StateDirectory(theirs).create()
    #expect(chown(theirs, 54_321, 54_321) == 0)
    for path in [theirs, "\(theirs)/below"] {
      #expect(throws: OwnedFile.OwnershipError(path: theirs, owner: 54_321)) { try StateDirectory(path).create() }
    }
    #expect(access("\(theirs)/below", F_OK) != 0)
    #expect(throws: OwnedFile.OwnershipError.self) { try StateLock(StateDirectory(theirs)) }
    #expect(access(StateDirectory(theirs).lock, F_OK) != 0)
  }

  @Test(.enabled(if: geteuid() == 0)) func positionsOfAnotherUserAreNotWritten() throws {
    let folder = try TemporaryFolder()
    let path = StateDirectory(folder.path).positions
    _ = try PositionFile(path: path)
    #expect(chown(path, 54_321, 54_321) == 0)
    #expect(throws: OwnedFile.OwnershipError(path: path, owner: 54_321)) { try PositionFile(path: path) }
  }

  @Test func aFileInItsPlaceIsAnError() throws {
    let folder = try TemporaryFolder()
    try folder.append("file", "")
    let error = try #require(thrown(SystemError.self) { try StateDirectory(folder.file("file/state")).create() })
    #expect(error.code == ENOTDIR)
  }
}
