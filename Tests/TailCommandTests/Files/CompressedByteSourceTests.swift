import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite struct CompressedByteSourceTests {
  private let folder: TemporaryFolder
  private let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

  init() throws {
    folder = try TemporaryFolder()
    try folder.append("a.log", bytes)
    #expect(try ChildProcess.run(["gzip", folder.file("a.log")], outputLimit: 100, seconds: 10).termination == .exited(0))
  }

  @Test func isReadForwardAndAgain() throws {
    let content = try CompressedByteSource(path: folder.file("a.log.gz"))
    for (offset, count) in [(0, 10), (0, 70_000), (5, 5), (69_000, 200_000), (0, 1), (299_990, 10), (100, 64)] {
      #expect(try content.bytes(count, at: Int64(offset)) == Array(bytes[offset..<offset + count]), "\(count) at \(offset)")
    }
    #expect(try content.bytes(11, at: 299_990) == nil)
    #expect(try content.bytes(1, at: 400_000) == nil)
    #expect(try content.bytes(10, at: 0) == Array(bytes[0..<10]), "after the end")
  }

  @Test func isTheFileItOnceWas() throws {
    let plain = try {
      try folder.append("b.log", bytes); return try FileByteSource(path: folder.file("b.log"))
    }()
    let position = try FollowedFile(plain, offset: 123_456).position
    let content = try CompressedByteSource(path: folder.file("a.log.gz"))
    #expect(try content.matches(position))
    #expect(try FollowedFile(content, at: position).offset == 123_456)
  }

  @Test func anotherNameDoesNotMatterOnceItIsOpen() throws {
    let content = try CompressedByteSource(path: folder.file("a.log.gz"))
    try folder.rename("a.log.gz", to: "a.log.1.gz")
    #expect(try content.bytes(10, at: 0) == Array(bytes[0..<10]))
  }

  @Test func whatComesOutBeforeTheDamageIsGood() throws {
    let whole = try TextFile.read(folder.file("a.log.gz"))
    try folder.append("cut.gz", whole.prefix(whole.count / 2))
    let content = try CompressedByteSource(path: folder.file("cut.gz"))
    #expect(try content.bytes(1000, at: 0) == Array(bytes[0..<1000]))
    var memory = [UInt8](repeating: 0, count: 300_000)
    let found = try memory.withUnsafeMutableBytes { try content.read(into: #require($0.baseAddress), count: 300_000, at: 0) }
    #expect(found < 300_000 && memory[0..<found] == bytes[0..<found])
    #expect(throws: SystemError.self) {
      _ = try memory.withUnsafeMutableBytes { try content.read(into: #require($0.baseAddress), count: 1, at: Int64(found)) }
    }
  }

  @Test(arguments: ["a.log", "a.log.Z", "a.gz.txt"])
  func onlyWhatItsNameSaysIsCompressed(name: String) {
    #expect(throws: SystemError.self) { try CompressedByteSource(path: folder.file(name)) }
  }
}
