@testable import MetricOutput
import Records
import Testing
import Unix

struct SampleOutputTests {
  // What is written to a pipe, read by read(2): as many pieces as there were writes.
  private func written(_ format: Format, _ samples: [[MetricRecord]]) throws -> [String] {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let writeEnd = ends[1]
    let output = SampleOutput(format) { try Descriptor.writeAll(writeEnd, $0) }
    var pieces: [String] = []
    func take() throws {
      var held = [UInt8](repeating: 0, count: 1 << 16)
      let result = try held.withUnsafeMutableBytes { memory in
        try Descriptor.read(ends[0], into: #require(memory.baseAddress), count: memory.count)
      }
      if case .bytes(let n) = result { pieces.append(String(decoding: held.prefix(n), as: UTF8.self)) }
    }
    for sample in samples {
      try output.write(sample)
      try take()
    }
    try output.end()
    close(ends[1])
    try take()
    return pieces
  }

  private let sample = ["A", "B"].map { MetricRecord(name: $0, measurement: .value(1), unit: "Count", timestamp: 5) }

  @Test func recordsAndTheirNumberAtTheEnd() throws {
    let lines = """
      {"name":"A","value":1,"unit":"Count","timestamp":5,"dimensions":{}}
      {"name":"B","value":1,"unit":"Count","timestamp":5,"dimensions":{}}

      """
    #expect(try written(.json, [sample, sample]) == [lines, lines, "{\"end\":4}\n"])
    #expect(try written(.json, []) == ["{\"end\":0}\n"])
  }

  @Test func tablesStandApart() throws {
    #expect(try written(.table, [sample, sample]) == ["A  1    \nB  1    \n", "\nA  1    \nB  1    \n"])
  }
}
