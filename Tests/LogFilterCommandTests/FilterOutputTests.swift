import Testing

@testable import LogFilterCommand

struct FilterOutputTests {
  @Test func keepsTheOrderOfSmallAndLargePieces() throws {
    var expected: [UInt8] = []
    let run = try FilterRun([]) { _, sink in
      let output = FilterOutput(descriptor: sink, limit: 64)
      for size in [1, 0, 31, 32, 33, 5, 63, 64, 65, 200, 3, 3, 3] {
        let piece = [UInt8](repeating: UInt8(expected.count % 251), count: size)
        expected += piece
        try piece.withUnsafeBytes { try output.append($0) }
        try output.append(decimal: Int64(size))
        expected += Array("\(size)".utf8)
      }
      try output.flush()
    }
    #expect(run.bytes == expected)
  }
}
