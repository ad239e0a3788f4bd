import Config
import TestSupport
import Testing
import Unix

@testable import DeployUsersCommand

@Suite struct PasswordFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("passwords.txt") }
  private static let passwords = ["a-1": "first-Password-0", "b-2": "second_Password-1", "c-3": "third!Password-2"]

  init() throws { folder = try TemporaryFolder() }

  private func text() throws -> String { String(decoding: try TextFile.read(path), as: UTF8.self) }

  private func recorded(_ file: PasswordFile) -> [String: String] {
    Dictionary(uniqueKeysWithValues: file.ids.map { ($0, file.password(of: $0)?.text ?? "") })
  }

  @Test(arguments: PasswordFormat.allCases)
  func whatIsRecordedIsFoundByTheNextRun(_ format: PasswordFormat) throws {
    do {
      let file = try PasswordFile.open(path, format)
      for (id, password) in Self.passwords { try file.record(id, Secret(password)) }
      #expect(recorded(file) == Self.passwords)
    }
    let file = try PasswordFile.open(path, format)
    #expect(recorded(file) == Self.passwords)
    #expect(try text().split(separator: "\n").count == 3 + (format == .csv ? 1 : 0))
    #expect(try PasswordFile.recordedIds(path, format) == Set(Self.passwords.keys))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test(arguments: PasswordFormat.allCases, [16, 40, 7])
  func anotherPasswordTakesThePlaceOfTheOld(_ format: PasswordFormat, _ length: Int) throws {
    let new = String(repeating: "N", count: length)
    let file = try PasswordFile.open(path, format)
    for id in ["a-1", "b-2", "c-3"] { try file.record(id, Secret(Self.passwords[id] ?? "")) }
    let before = try text().split(separator: "\n")
    for id in ["b-2", "c-3", "b-2"] { try file.record(id, Secret(new)) }
    try file.record("d-4", Secret("fourth"))
    let expected = ["a-1": "first-Password-0", "b-2": new, "c-3": new, "d-4": "fourth"]
    #expect(recorded(file) == expected)
    #expect(recorded(try PasswordFile.open(path, format)) == expected)
    let lines = try text().split(separator: "\n")
    #expect(lines.count == before.count + 1)
    #expect(lines.first == before.first)
    #expect(access("\(path).new", F_OK) != 0)
  }

  /// A power cut leaves any beginning of a line.
  @Test(arguments: PasswordFormat.allCases)
  func halfALineIsNoPasswordAndGoes(_ format: PasswordFormat) throws {
    do {
      let file = try PasswordFile.open(path, format)
      for id in ["a-1", "b-2"] { try file.record(id, Secret(Self.passwords[id] ?? "")) }
    }
    let whole = try text()
    let line = format.line("c-3", Secret("third!Password-2"))
    for length in 1...line.utf8.count {
      try folder.overwrite("passwords.txt", whole + String(decoding: line.utf8.prefix(length), as: UTF8.self))
      let file = try PasswordFile.open(path, format)
      if let password = file.password(of: "c-3") {
        #expect("third!Password-2".hasPrefix(password.text))
        #expect(try text() == whole + format.line("c-3", password) + "\n")
      } else {
        #expect(try text() == whole)
      }
      try file.record("d-4", Secret("fourth"))
      #expect(try text().hasSuffix("\n\(format.line("d-4", Secret("fourth")))\n"))
    }
  }

  @Test func aWholeLastLineWithoutLineFeedStays() throws {
    _ = try PasswordFile.open(path, .text)
    try folder.overwrite("passwords.txt", "Added user: a-1 // abcdefgh\r\n\nAdded user: b-2 // ijklmnop")
    let file = try PasswordFile.open(path, .text)
    #expect(recorded(file) == ["a-1": "abcdefgh", "b-2": "ijklmnop"])
    try file.record("b-2", Secret("qrstuvwx"))
    #expect(try text() == "Added user: a-1 // abcdefgh\r\n\nAdded user: b-2 // qrstuvwx\n")
  }

  @Test(arguments: [
    ("Added user: a-1 // abcdefgh\nAdded user: a-1 // ijklmnop\n", ":2: a-1 is there twice, first in line 1"),
    ("a-1,abcdefgh\n", ":1: no line of --format text"), ("Added user: a-1 // abcdefgh\nhello\n", ":2: no line"),
  ])
  func whatCannotBeUnderstoodIsLeftAlone(_ content: String, _ words: String) throws {
    _ = try PasswordFile.open(path, .text)
    try folder.overwrite("passwords.txt", content)
    let error = thrown(CommandError.self) { _ = try PasswordFile.open(path, .text) }
    #expect(error?.status == .badConfiguration)
    #expect(error?.message.contains(words) == true)
    #expect(error?.message.contains("abcdefgh") == false)
    #expect(try text() == content)
  }

  @Test func aFileThatOthersCanReadIsRefused() throws {
    try folder.append("passwords.txt", "")
    for mode: mode_t in [0o644, 0o640, 0o602] {
      #expect(chmod(path, mode) == 0)
      #expect(thrown(CommandError.self) { _ = try PasswordFile.open(path, .text) }?.message.contains("chmod 600") == true)
    }
  }

  @Test func onlyAFileOfItsOwnWillDo() throws {
    try folder.append("other", "")
    #expect(chmod(folder.file("other"), 0o600) == 0)
    try folder.link("link", to: "other")
    #expect(thrown(CommandError.self) { _ = try PasswordFile.open(folder.file("link"), .text) }?.message.contains("symbolic link") == true)
    #expect(thrown(CommandError.self) { _ = try PasswordFile.open(folder.path, .text) }?.message.contains("directory") == true)
    #expect(mkfifo(folder.file("fifo"), 0o600) == 0)
    #expect(thrown(CommandError.self) { _ = try PasswordFile.open(folder.file("fifo"), .text) }?.status == .badConfiguration)
    #expect(thrown(CommandError.self) { _ = try PasswordFile.open(folder.file("no/where"), .text) }?.status == .cannotWrite)
  }

  @Test func aFileMadeForNothingGoesAgain() throws {
    try PasswordFile.open(path, .text).removeIfEmpty()
    #expect(access(path, F_OK) != 0)
    let file = try PasswordFile.open(path, .text)
    try file.record("a-1", Secret("abcdefgh"))
    file.removeIfEmpty()
    #expect(access(path, F_OK) == 0)
  }

  @Test func whatADeadRunHasPutBesideItGoes() throws {
    try folder.append("passwords.txt.new", "Added user: a-1 // half")
    let file = try PasswordFile.open(path, .text)
    #expect(access("\(path).new", F_OK) != 0)
    #expect(file.ids.isEmpty)
  }

  @Test func aPlanNeedsNoFile() throws {
    #expect(try PasswordFile.recordedIds(path, .text) == [])
    #expect(access(path, F_OK) != 0)
  }
}
