import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct FilePositionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let some = FilePosition(
    identity: FileIdentity(device: 0xfd01, inode: .max), offset: .max / 2, head: 0, marker: .max, modified: -1, state: .finished)
  private static let start = FilePosition(startOf: FileIdentity(device: 1, inode: 2), modified: 3)

  @Test(arguments: [some, start, FilePosition(startOf: FileIdentity(device: 0, inode: 0), modified: FileChange.limit)])
  func isReadAsItWasWritten(position: FilePosition) { #expect(FilePosition(position.text) == position) }

  @Test(
    arguments: [
      LogPosition(), .nowhere(at: 1_795_341_600_000), LogPosition(files: [some]), LogPosition(files: [start, some, start], since: -1),
    ])
  func ofALogIsReadAsItWasWritten(position: LogPosition) { #expect(LogPosition(position.text) == position) }

  @Test func itsTextIsShort() {
    #expect(Self.some.text == "fd01:ffffffffffffffff:4611686018427387903:0:ffffffffffffffff:-1:F")
    #expect(LogPosition(files: [Self.start], since: 5).text == "2;1:2:0:cbf29ce484222325:cbf29ce484222325:3;@5")
  }

  /// What an installation has stored before this version: the log's other files are older, and were delivered.
  @Test func thoseOfTheFirstVersionAreUnderstood() throws {
    let position = try #require(LogPosition("1:fd01:1234:77:a:b:1795341600000:F"))
    #expect(position.files.map(\.offset) == [77] && position.files[0].state == .finished && position.since == 1_795_341_600_000)
    #expect(LogPosition("1:0:0:0:cbf29ce484222325:cbf29ce484222325:9:F") == .nowhere(at: 9))
  }

  @Test(arguments: ["1:fd01:1234:77:a:b", "1", "", "2x", "3", "2;", "2;;", "2;@", "2;@x", "2;1:2:3", "2 "])
  func noOtherIsOne(text: String) { #expect(LogPosition(text) == nil) }

  @Test(
    arguments: [
      "", "1", "1:1:-1:0:0:0", "1:1:0:0:0:0:G", "1:1:0:0:0:0:F:", "x:1:0:0:0:0", "1:1:0:0:0:", "1:10000000000000000:0:0:0:0",
      "1:1:9223372036854775807:0:0:0", "::::::",
    ])
  func anythingElseIsNone(text: String) { #expect(FilePosition(text) == nil) }

  /// What was read tells one file from another: its beginning, and the end of what was read.
  @Test(
    arguments: [
      ("same", 2000, true), ("longer", 2000, true), ("shorter", 2000, false), ("other head", 2000, false), ("other marker", 2000, false),
      ("other middle", 2000, true), ("other head", 10, false), ("same", 0, true), ("other head", 0, true),
    ])
  func matchesWhatWasRead(change: String, offset: Int, matches: Bool) throws {
    let old = (0..<2000).map { UInt8(truncatingIfNeeded: $0 % 251) }
    try folder.append("old", old)
    let position = try FollowedFile(FileByteSource(path: folder.file("old")), offset: Int64(offset)).position
    var new = old
    switch change {
    case "longer": new += [1, 2, 3]
    case "shorter": new.removeLast()
    case "other head": new[0] ^= 1
    case "other marker": new[1999] ^= 1
    case "other middle": new[1500] ^= 1
    default: break
    }
    try folder.append("new", new)
    #expect(try FileByteSource(path: folder.file("new")).matches(position) == matches)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1023, 1024, 1025, 5000])
  func isTheSameHoweverFarItWasReadAtOnce(offset: Int) throws {
    try folder.append("a.log", (0..<6000).map { UInt8(truncatingIfNeeded: $0 * 7) })
    let content = try FileByteSource(path: folder.file("a.log"))
    let position = try FollowedFile(content, offset: Int64(offset)).position
    #expect(try FollowedFile(content, at: position).position == position)
    #expect(try content.position(at: Int64(offset), modified: position.modified) == position)
    #expect(try content.matches(position))
  }
}
