import Testing
import Unix

@testable import Config

struct FileAccessTests {
  @Test(
    arguments: [
      (mode_t(0o600), uid_t(0), uid_t(0), nil), (0o400, 0, 0, nil), (0o600, 1000, 1000, nil), (0o700, 0, 1000, nil),
      (0o640, 0, 0, "holds a password, and its mode 640 lets others at it; chmod 600 f"),
      (0o620, 1000, 1000, "holds a password, and its mode 620 lets others at it; chmod 600 f"),
      (0o604, 1000, 1000, "holds a password, and its mode 604 lets others at it; chmod 600 f"),
      (0o602, 0, 0, "holds a password, and its mode 602 lets others at it; chmod 600 f"),
      (0o100644, 0, 0, "holds a password, and its mode 644 lets others at it; chmod 600 f"),
      (
        0o600, 1001, 1000,
        "holds a password and belongs to user 1001, neither root nor who runs this (user 1000); "
          + "run this as its owner (sudo -u '#1001' ...) or chown it"
      ),
      (
        0o600, 1001, 0,
        "holds a password and belongs to user 1001, neither root nor who runs this (user 0); "
          + "run this as its owner (sudo -u '#1001' ...) or chown it"
      ),
    ] as [(mode_t, uid_t, uid_t, String?)])
  func complains(_ mode: mode_t, _ owner: uid_t, _ reader: uid_t, _ validationError: String?) {
    #expect(FileAccess(mode: mode, owner: owner, reader: reader).validationError("f", holds: "a password") == validationError)
  }

  @Test(arguments: [(0o440, true), (0o400, true), (0o640, true), (0o460, false), (0o444, false), (0o450, false)] as [(mode_t, Bool)])
  func theGroupMayReadWhatSystemdHandsOver(_ mode: mode_t, _ isValid: Bool) {
    let access = FileAccess(mode: mode, owner: 0, reader: 1000)
    #expect((access.validationError("f", holds: "a password", groupMayRead: true) == nil) == isValid)
  }
}
