import TestSupport
import Testing
import Unix

@testable import AWS

@Suite struct SharedCredentialsFileTests {
  private static let entries: [SharedCredentialsFile.Entry] = [
    ("aws_access_key_id", "A"), ("aws_secret_access_key", "s/+="), ("aws_session_token", nil),
  ]

  private func text(_ file: String, _ entries: [SharedCredentialsFile.Entry] = entries, section: String = "us") throws -> String {
    String(decoding: try SharedCredentialsFile.text(Array(file.utf8), entries, section: section, name: "f"), as: UTF8.self)
  }

  static let edits: [(before: String, after: String)] = [
    // a new section
    ("", "[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
    ("[a]\nb=1\n", "[a]\nb=1\n\n[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
    ("[a]\nb=1", "[a]\nb=1\n\n[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
    ("[a]\r\nb=1\r\n\r\n", "[a]\r\nb=1\r\n\r\n[us]\r\naws_access_key_id = A\r\naws_secret_access_key = s/+=\r\n"),
    ("[DEFAULT]\nregion=x\n", "[DEFAULT]\nregion=x\n\n[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
    // one that is there
    (
      "# mine\n[us] ; x\nregion = r\nAWS_Access_Key_Id=old\naws_secret_access_key:old\n\n# next\n[b]\nc=d\n",
      "# mine\n[us] ; x\nregion = r\naws_access_key_id = A\naws_secret_access_key = s/+=\n\n# next\n[b]\nc=d\n"
    ),
    (
      "[us]\r\naws_access_key_id=old\r\nregion=r",
      "[us]\r\naws_access_key_id = A\r\nregion=r\r\naws_secret_access_key = s/+=\r\n"
    ),
    ("[us]\naws_secret_access_key=o\naws_access_key_id=o", "[us]\naws_secret_access_key = s/+=\naws_access_key_id = A"),
    ("[us]", "[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
    ("[us]\n\n[b]\nc=d", "[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n\n[b]\nc=d"),
    // what belonged to others
    (
      "[us]\naws_session_token = t\naws_access_key_id = o\naws_secret_access_key = o\nregion = r\n",
      "[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\nregion = r\n"
    ),
    (
      "[us]\naws_access_key_id = o\naws_secret_access_key = o\n  more\n # comment\n  and\n\n# kept\nregion = r\n",
      "[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n\n# kept\nregion = r\n"
    ),
    // keys that are indented stay keys
    (
      "[us]\n  aws_access_key_id = o\n  region = r\n[b]\nc=d\n",
      "[us]\n  aws_access_key_id = A\n  region = r\n  aws_secret_access_key = s/+=\n[b]\nc=d\n"
    ),
    ("\u{FEFF}[us]\n", "\u{FEFF}[us]\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
    ("[us]\ns3 =\n  a = b\n", "[us]\ns3 =\n  a = b\naws_access_key_id = A\naws_secret_access_key = s/+=\n"),
  ]

  @Test(arguments: edits) func writesItsKeysAndLeavesAllElse(_ before: String, _ after: String) throws {
    #expect(try text(before) == after)
    #expect(try text(after) == after)
  }

  @Test(arguments: [("a\nb", "x"), ("", "x"), (" a", "x"), ("a]b", "x\ny"), ("DEFAULT", "x"), ("a", " x"), ("a", "x\n[b]"), ("a", "x\r")])
  func refusesWhatDoesNotComeBackAsItWasGiven(_ section: String, _ value: String) {
    #expect(throws: SharedConfig.Malformed.self) { try text("[b]\nc=d\n", [("k", value)], section: section) }
  }

  @Test(arguments: [
    "a\n", "[us]\n[us]\n", "[us]\naws_access_key_id =\n  a = b\n", "[us]\n  [b]\nc=d\n", "[DEFAULT]\naws_session_token=t\n",
  ])
  func refusesAFileThatCanNotTakeIt(_ file: String) {
    #expect(throws: SharedConfig.Malformed.self) { try text(file) }
  }

  /// Sections of any shape: the others mean what they meant, and their bytes are there as they were.
  @Test func leavesOthersAloneWhateverTheyAre() throws {
    var written = 0
    for seed: UInt64 in 1...2000 {
      var random = SeededGenerator(seed)
      let endings = ["\n", "\r\n"]
      func pick(_ texts: [String]) -> String { texts[random.pick(0...texts.count - 1)] }
      var parts: [(isOurs: Bool, text: String)] = []
      for section in ["a", "us", "b"] where !random.oneIn(4) {
        var text = "[\(section)]" + pick(endings)
        for key in ["region", "aws_access_key_id", "aws_session_token", "x"] where !random.oneIn(2) {
          text += pick(["", "", " ", "  "]) + key + pick(["=", " = ", ":"]) + pick(["", "v", "#;[z]"]) + pick(endings)
          while random.oneIn(3) { text += pick(["   deeper", "   k = v", "", "# comment", "\t; x", "   [c]"]) + pick(endings) }
        }
        parts.append((section == "us", text))
      }
      let file = parts.map(\.text).joined()
      guard let result = try? text(file) else { continue }
      written += 1
      var rest = result[...]
      for part in parts where !part.isOurs {
        guard let place = rest.firstRange(of: part.text) else {
          Issue.record("seed \(seed): \(file) became \(result)")
          break
        }
        rest = rest[place.upperBound...]
      }
    }
    #expect(written > 500)
  }

  // MARK: - files

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  private func read(_ path: String) throws -> String { String(decoding: try TextFile.read(path), as: UTF8.self) }

  @Test func makesFileAndFolderForTheirOwnerAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("home/.aws/credentials")
    try SharedCredentialsFile(path).write(Self.entries, section: "us")
    #expect(try read(path) == Self.edits[0].after)
    #expect((mode(path), mode(folder.file("home/.aws"))) == (0o600, 0o700))
  }

  @Test func aFileThatOthersCouldReadIsClosed() throws {
    let folder = try TemporaryFolder()
    try folder.append("credentials", "[a]\nb=1\n")
    let path = folder.file("credentials")
    try SharedCredentialsFile(path).write(Self.entries, section: "us")
    #expect(mode(path) == 0o600)
    #expect(chmod(path, 0o644) == 0)
    try SharedCredentialsFile(path).write(Self.entries, section: "us")
    #expect(mode(path) == 0o600)
    #expect(try read(path) == "[a]\nb=1\n\n" + Self.edits[0].after)
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("dotfiles")
    try folder.append("dotfiles/credentials", "[a]\nb=1\n")
    #expect(symlink("dotfiles/credentials", folder.file("link")) == 0 && symlink("link", folder.file("credentials")) == 0)
    try SharedCredentialsFile(folder.file("credentials")).write(Self.entries, section: "us")
    #expect(try read(folder.file("dotfiles/credentials")).hasPrefix("[a]\nb=1\n\n[us]\n"))
    var status = stat()
    #expect(lstat(folder.file("credentials"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    // One that leads nowhere yet.
    #expect(symlink("new/credentials", folder.file("dangling")) == 0)
    try SharedCredentialsFile(folder.file("dangling")).write(Self.entries, section: "us")
    #expect(try read(folder.file("new/credentials")) == Self.edits[0].after)
    #expect(symlink("loop", folder.file("loop")) == 0)
    #expect(thrown(SystemError.self) { try SharedCredentialsFile(folder.file("loop")).write([], section: "us") }?.code == ELOOP)
  }

  @Test(.enabled(if: geteuid() == 0)) func theOwnerStays() throws {
    let folder = try TemporaryFolder()
    try folder.append("credentials", "[a]\nb=1\n")
    #expect(chown(folder.file("credentials"), 12345, 54321) == 0)
    try SharedCredentialsFile(folder.file("credentials")).write(Self.entries, section: "us")
    var status = stat()
    #expect(lstat(folder.file("credentials"), &status) == 0)
    #expect((status.st_uid, status.st_gid, status.st_mode & 0o777) == (12345, 54321, 0o600))
  }

  @Test func whatIsNoFileIsLeftAlone() throws {
    #expect(throws: SharedConfig.Malformed.self) { try SharedCredentialsFile("/dev/null").write(Self.entries, section: "us") }
    let folder = try TemporaryFolder()
    #expect(throws: SharedConfig.Malformed.self) { try SharedCredentialsFile(folder.path).write(Self.entries, section: "us") }
  }

  @Test func writersDoNotLoseEachOthersSections() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("credentials")
    let writers = try (0..<24).map { number in
      try ThreadedCall { try SharedCredentialsFile(path).write([("k", "\(number)")], section: "s\(number)") }
    }
    for writer in writers { try writer.result().get() }
    var shared = SharedConfig()
    try shared.readCredentials(TextFile.read(path), name: path)
    #expect(shared.credentialsProfiles == Dictionary(uniqueKeysWithValues: (0..<24).map { ("s\($0)", ["k": "\($0)"]) }))
    // No file is left beside it, not even of a lock.
    let listing = try ChildProcess.run(["ls", "-A", folder.path], outputLimit: 4096, seconds: 10)
    #expect(String(decoding: listing.output, as: UTF8.self) == "credentials\n")
  }

  /// The one that comes second reads what the first has written.
  @Test func aWriterWaitsForTheOneBeforeIt() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("credentials")
    let lock = open(folder.path, O_RDONLY)
    #expect(flock(lock, LOCK_EX) == 0)
    let second = try ThreadedCall { try SharedCredentialsFile(path).write([("k", "2")], section: "second") }
    // Without the lock it would be done long before.
    var end = pollfd(fd: second.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&end, 1, 300) == 0)
    try folder.overwrite("credentials", "[first]\nk = 1\n")
    close(lock)
    try second.result().get()
    #expect(try read(path) == "[first]\nk = 1\n\n[second]\nk = 2\n")
  }
}
