import Testing

@testable import Unix

struct FileNameTests {
  private func text(_ bytes: [UInt8]) -> String { FileName.text((bytes + [0]).map { CChar(bitPattern: $0) }) }

  static let names: [[UInt8]] = [
    Array("plain".utf8), Array("größe 日本 😀".utf8), [], [0xFF], Array("a".utf8) + [0xE4] + Array("b".utf8), [0xE2, 0x82], [0xC0, 0xAF],
    [0xED, 0xA0, 0x80], Array("x\u{10FFFF}".utf8), Array("\u{10FF00}\u{10FF80}".utf8) + [0x80], [0xF4, 0x8F, 0xBB], Array(0x01...0xFF),
  ]

  @Test(arguments: names) func nothingIsLost(_ name: [UInt8]) {
    #expect(FileName.bytes(text(name)) == name)
    #expect(FileName.withBytes(text(name)) { strlen($0) } == name.count)
  }

  @Test func differentNamesStayDifferent() {
    #expect(Set(Self.names.map(text)).count == Self.names.count)
    #expect(text(Array("größe".utf8)) == "größe")
  }

  @Test func isShownByItsBytes() {
    #expect(text(Array("caf".utf8) + [0xE9]).printable == "caf\\xE9")
  }

  @Test func aFileOfAnyNameIsReadAndReplaced() throws {
    var template = Array("/tmp/cw-name-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError("make a folder") }
    let folder = String(cString: made)
    let path = text(Array("\(folder)/".utf8) + [0xE9])
    try Array("x".utf8).withUnsafeBytes { _ = try AtomicFile.write($0, to: path) }
    #expect(try TextFile.read(path) == Array("x".utf8))
    let raw = (Array("\(folder)/".utf8) + [0xE9, 0]).map { CChar(bitPattern: $0) }
    #expect(access(raw, F_OK) == 0)
    unlink(raw)
    #expect(rmdir(folder) == 0, "nothing else was made")
  }
}
