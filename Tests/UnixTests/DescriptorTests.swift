import Testing

internal import TestSupport
@testable internal import Unix

@Suite struct DescriptorTests {
  @Test func readsWhatIsThereThenWaitsThenEnds() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    try #require(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 1)
    defer { memory.deallocate() }
    let base = try #require(memory.baseAddress)
    #expect(try Descriptor.read(ends[0], into: base, count: 8) == .wouldBlock)
    try Array("hello".utf8).withUnsafeBytes { try Descriptor.writeAll(ends[1], $0) }
    #expect(try Descriptor.read(ends[0], into: base, count: 3) == .bytes(3))
    #expect(try Descriptor.read(ends[0], into: base, count: 8) == .bytes(2))
    #expect(memory.prefix(2).elementsEqual("lo".utf8))
    close(ends[1])
    #expect(try Descriptor.read(ends[0], into: base, count: 8) == .end)
  }

  @Test func namesWhatFailed() {
    let error = thrown(SystemError.self) { try [1 as UInt8].withUnsafeBytes { try Descriptor.writeAll(-1, $0) } }
    #expect(error?.code == EBADF)
    var byte: UInt8 = 0
    #expect(throws: SystemError.self) { try Descriptor.read(-1, into: &byte, count: 1) }
  }

  @Test func writesNothingWithoutLooking() throws {
    try Descriptor.writeAll(-1, UnsafeRawBufferPointer(start: nil, count: 0))
  }

  /// More than a pipe holds, on a descriptor that does not block.
  @Test func waitsForASlowReader() throws {
    let folder = try TemporaryFolder()
    let copy = try #require(popen("cat > '\(folder.file("copy"))'", "w"))
    let descriptor = fileno(copy)
    try #require(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
    var random = SeededGenerator(1)
    let block = random.bytes(count: 4096)
    let data = [UInt8]((0..<512).map { _ in block }.joined())
    try data.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
    #expect(pclose(copy) == 0)
    #expect(try TextFile.read(folder.file("copy")) == data)
  }

  @Test func aPipeIsNoTerminal() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    Descriptor.enlargePipe(ends[1])
    #expect(!Descriptor.isTerminal(ends[0]))
    #expect(!Descriptor.isTerminal(-1))
  }
}
