import Testing

@testable internal import TailCommand
internal import TestSupport

@Suite struct FileFinderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.log", "b.log", "b.log.1", "c.txt", "d[1].log"] { try folder.append(name, "x\n") }
    try folder.makeFolder("sub")
    try folder.append("sub/a.log", "x\n")
  }

  @Test(
    arguments: [
      ([], []), (["a.log"], ["a.log"]), (["missing.log"], ["missing.log"]), (["a.log", "a.log"], ["a.log"]),
      (["*.log"], ["a.log", "b.log", "d[1].log"]), (["b.log*"], ["b.log", "b.log.1"]), (["?.log"], ["a.log", "b.log"]),
      (["[bc].*"], ["b.log", "b.log.1", "c.txt"]), (["none*"], []), (["nowhere/*.log"], []), (["*/a.log"], ["sub/a.log"]),
      (["c.txt", "*.log", "a.log"], ["c.txt", "a.log", "b.log", "d[1].log"]), (["b.log", "*.log"], ["b.log", "a.log", "d[1].log"]),
      // Looks like a pattern, matches nothing, and is the name of a file.
      (["d[1].log"], ["d[1].log"]),
    ] as [([String], [String])])
  func finds(patterns: [String], names: [String]) {
    let paths = names.map(folder.file)
    #expect(FileFinder(patterns, workingDirectory: folder.path).find() == paths)
    #expect(FileFinder(patterns.map(folder.file), workingDirectory: "/nowhere").find() == paths)
  }

  @Test func findsWhatAppearsLater() throws {
    let finder = FileFinder(["late*"], workingDirectory: folder.path)
    #expect(finder.find() == [])
    try folder.append("late.log", "x\n")
    #expect(finder.find() == [folder.file("late.log")])
    try folder.remove("late.log")
    #expect(finder.find() == [])
  }

  @Test func aFolderMayHaveTheNameOfAPattern() throws {
    try folder.makeFolder("e[2]")
    try folder.append("e[2]/a.log", "x\n")
    #expect(FileFinder(["a.log"], workingDirectory: folder.file("e[2]")).find() == [folder.file("e[2]/a.log")])
  }

  #if os(Linux)
    /// Two files to the kernel, however equal Swift finds their names.
    @Test func twoSpellingsOfOneCharacterAreTwoFiles() throws {
      try folder.append("caf\u{E9}.x", "x\n")
      try folder.append("cafe\u{301}.x", "x\n")
      #expect(FileFinder(["*.x"], workingDirectory: folder.path).find().count == 2)
    }
  #endif

}
