import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct FolderListingsTests {
  private let folder: TemporaryFolder
  private let listings = FolderListings()

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.log", "a.log.1", "a.log.10", "a.log-2", "b.log", "a", "A.log", "caf\u{E9}"] { try folder.append(name, "x") }
  }

  @Test(
    arguments: [
      ("a.log", ["a.log", "a.log-2", "a.log.1", "a.log.10"]), ("a", ["a", "a.log", "a.log-2", "a.log.1", "a.log.10"]), ("b", ["b.log"]),
      ("c", ["caf\u{E9}"]), ("x", []), ("a.log.2", []), ("zz", []),
    ] as [(String, [String])])
  func findsNamesByTheirBeginning(prefix: String, names: [String]) {
    #expect(listings.names(in: "\(folder.path)/", beginningWith: prefix) == names)
    #expect(listings.names(in: "\(folder.path)/", beginningWith: prefix) == names, "asked again")
  }

  @Test(
    arguments: [
      ("", ".log", ["A.log", "a.log", "b.log"]), ("a", ".log", ["a.log"]), ("a", "0", ["a.log.10"]), ("a.log", "a.log", ["a.log"]),
      ("", "x", []),
      ("b", "1", []), ("", "\u{E9}", ["caf\u{E9}"]),
    ] as [(String, String, [String])])
  func findsNamesByTheirEnding(beginning: String, ending: String, names: [String]) {
    #expect(listings.names(in: "\(folder.path)/", beginningWith: beginning, endingWith: ending).sorted() == names)
  }

  @Test func findsNamesByInode() throws {
    let inode = try #require(FileIdentity(path: folder.file("b.log"))).inode
    #expect(listings.names(in: "\(folder.path)/", inode: inode) == ["b.log"])
    try folder.rename("b.log", to: "whatever")
    listings.beginScan()
    #expect(listings.names(in: "\(folder.path)/", inode: inode) == ["whatever"])
    #expect(listings.names(in: "\(folder.path)/", inode: 1) == [])
  }

  /// However soon after a listing it happens.
  @Test func everyChangeIsSeen() throws {
    for number in 0..<200 {
      try folder.append("new.\(number)", "x")
      listings.beginScan()
      #expect(listings.names(in: "\(folder.path)/", beginningWith: "new.").count == number + 1)
    }
  }

  @Test func aFolderThatIsNotThereIsEmpty() { #expect(listings.names(in: "/nowhere/", beginningWith: "") == []) }
}
