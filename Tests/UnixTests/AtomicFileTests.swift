import TestSupport
import Testing

@testable import Unix

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to path: String, in descriptor: Int32 = AT_FDCWD) throws -> stat {
    try Array(text.utf8).withUnsafeBytes { try AtomicFile.write($0, to: path, in: descriptor) }
  }

  private func text(_ name: String) throws -> String { String(decoding: try TextFile.read(folder.file(name)), as: UTF8.self) }

  private var names: [String] {
    guard let stream = opendir(folder.path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  @Test func itIsForItsOwnerOnlyAndReplacesWhatWasThere() throws {
    #expect(try write("one", to: folder.file("f")).st_mode & 0o777 == 0o600)
    chmod(folder.file("f"), 0o644)
    #expect(try write("two", to: folder.file("f")).st_mode & 0o777 == 0o600)
    #expect(try text("f") == "two" && names == ["f"])
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    try folder.append("target", "untouched")
    symlink(folder.file("target"), folder.file("f"))
    _ = try write("new", to: folder.file("f"))
    #expect(try text("target") == "untouched" && text("f") == "new")
  }

  @Test func whatAProcessHasLeftThatWasKilledGoes() throws {
    try folder.append("f.\(getpid())", "half")
    _ = try write("new", to: folder.file("f"))
    #expect(try text("f") == "new" && names == ["f"])
  }

  @Test func aLinkOfThatNameIsNotFollowed() throws {
    try folder.append("target", "untouched")
    symlink(folder.file("target"), folder.file("f.\(getpid())"))
    _ = try write("new", to: folder.file("f"))
    #expect(try text("target") == "untouched" && text("f") == "new" && names == ["f", "target"])
  }

  /// In a folder that others write into, as /tmp: what is theirs is not ours to remove.
  @Test(.enabled(if: geteuid() == 0, "only root can make a file of somebody else"))
  func aStrangersFileStays() throws {
    let way = "f.\(getpid())"
    try folder.append(way, "a stranger's")
    chown(folder.file(way), 12345, 12345)
    let error = #expect(throws: SystemError.self) { try write("new", to: folder.file("f")) }
    #expect(error?.description.contains("\(way) is in the way") == true)
    #expect(try text(way) == "a stranger's" && names == [way])
  }

  @Test func inAFolderThatIsOpen() throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    _ = try write("new", to: "f", in: descriptor)
    #expect(try text("f") == "new")
  }

  @Test func whatFailsLeavesNothing() throws {
    mkdir(folder.file("f"), 0o700)
    #expect(throws: SystemError.self) { try write("new", to: folder.file("f")) }
    #expect(throws: SystemError.self) { try write("new", to: folder.file("nowhere/f")) }
    #expect(names == ["f"])
  }
}
