internal import TestSupport
import Testing

@testable import Unix

struct FileTrustTests {
  private static let file = mode_t(S_IFREG)
  private static let folder = mode_t(S_IFDIR)

  /// For user 1000, whose own group is 1000.
  @Test(
    arguments: [
      (file | 0o644, 1000, 1000, nil), (file | 0o600, 0, 0, nil), (file | 0o664, 1000, 1000, nil), (file | 0o664, 0, 1000, nil),
      (file | 0o664, 1000, 50, "the mode 664 of f lets others write; chmod go-w f"),
      (file | 0o646, 0, 0, "the mode 646 of f lets others write; chmod go-w f"),
      (file | 0o1666, 1000, 0, "the mode 1666 of f lets others write; chmod go-w f"),
      (folder | 0o755, 0, 0, nil), (folder | 0o1777, 0, 0, nil), (folder | 0o775, 1000, 1000, nil),
      (folder | 0o777, 0, 0, "the mode 777 of f lets others write; chmod go-w f"),
      (folder | 0o2775, 0, 50, "the mode 2775 of f lets others write; chmod go-w f"),
      (
        file | 0o600, 1001, 1000,
        "f belongs to user 1001, neither root nor who runs this (user 1000); run this as its owner (sudo -u '#1001' ...) or chown it"
      ),
      (
        folder | 0o1777, 1001, 1000,
        "f belongs to user 1001, neither root nor who runs this (user 1000); run this as its owner (sudo -u '#1001' ...) or chown it"
      ),
    ] as [(mode_t, uid_t, gid_t, String?)])
  func complains(_ mode: mode_t, _ owner: uid_t, _ group: gid_t, _ validationError: String?) {
    let trust = FileTrust(mode: mode, owner: owner, group: group)
    #expect(trust.validationError("f", user: 1000, isPrivate: { group, user in group == user }) == validationError)
  }

  private func validationError(_ path: String) -> String? {
    var status = stat()
    #expect(stat(path, &status) == 0)
    return FileTrust.validationError(path, status)
  }

  @Test func everyDirectoryOnTheWayCounts() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("a")
    try folder.makeFolder("a/b")
    try folder.append("a/b/f", "x")
    try folder.link("way", to: "a/b")
    #expect(validationError(folder.file("a/b/f")) == nil)
    #expect(chmod(folder.file("a"), 0o777) == 0)
    let expected = "the mode 777 of \(folder.file("a")) lets others write; chmod go-w \(folder.file("a"))"
    #expect(validationError(folder.file("a/b/f")) == expected)
    #expect(validationError(folder.file("way/f")) == expected, "a link is followed to where the file is")
    #expect(validationError("/dev/null") == nil, "no file of its own")
  }
}
