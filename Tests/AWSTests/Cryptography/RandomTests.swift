import Testing

@testable import AWS

@Suite struct RandomTests {
  @Test func bytesAreAskedForEachTime() throws {
    #expect(try Random.bytes(0).isEmpty)
    #expect(try Random.bytes(33).count == 33)
    #expect(try Random.bytes(32) != Random.bytes(32))
  }

  @Test(
    arguments: [
      ([], [], true), ([1, 2], [1, 2], true), ([1, 2], [1, 3], false), ([1, 2], [1], false), ([], [0], false),
    ] as [([UInt8], [UInt8], Bool)])
  func comparesInConstantTime(_ left: [UInt8], _ right: [UInt8], _ equal: Bool) {
    #expect(left.isEqualInConstantTime(to: right) == equal)
    #expect(right.isEqualInConstantTime(to: left) == equal)
  }
}
