import TestSupport
import Testing
import Unix

@testable import State

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

  @Test func aFileInItsPlaceIsAnError() throws {
    let folder = try TemporaryFolder()
    try folder.append("file", "")
    let error = try #require(thrown(SystemError.self) { try StateDirectory(folder.file("file/state")).create() })
    #expect(error.code == ENOTDIR)
  }
}
