import Testing

@testable internal import PutMetricsCommand
internal import Records
internal import TestSupport
internal import Unix

@Suite struct MetricBlockTests {
  @Test(arguments: [1, 2, 14, 1000])
  func recordsComeOutAsTheyWentIn(count: Int) {
    let block = MetricBlock()
    let records = (0..<count).map { number in
      MetricRecord(
        namespace: "N", name: "m\(number)", measurement: .distribution(values: [0.1, 2], counts: [1, 3]), unit: "Bytes/Second",
        timestamp: 1_795_341_600_123, resolution: 1, dimensions: [.init(name: "d", value: "\"ü\n")])
    }
    // A block is used again.
    for _ in 0..<2 {
      records.forEach { block.add($0) }
      let buffer = ByteBuffer()
      block.move(to: buffer)
      #expect(block.isEmpty)
      #expect(MetricBlock.count(in: buffer.bytes) == count)
      #expect(MetricBlock.records(in: buffer.bytes) == records)
      #expect(count < 14 || buffer.count < count * 30, "it is compressed")
    }
  }

  /// The longest line that is read, whose numbers become longer.
  @Test func theLongestRecordComesOutAsItWentIn() {
    let text = #"{"name":"a","timestamp":0,"values":["# + Array(repeating: "1e14", count: 200_000).joined(separator: ",") + "]}"
    #expect(text.utf8.count > MetricRecord.maximumLineLength * 9 / 10)
    guard case .record(let record) = Array(text.utf8).withUnsafeBytes({ MetricRecord.parse($0) }) else {
      Issue.record("no record")
      return
    }
    let block = MetricBlock()
    block.add(record)
    let buffer = ByteBuffer()
    block.move(to: buffer)
    #expect(MetricBlock.records(in: buffer.bytes) == [record])
  }

  @Test func rubbishIsNoBlock() {
    for rubbish in [[], [1], [1, 1, 0, 0, 0, 255, 255, 255, 255, 1, 2], [1, 1, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3]] as [[UInt8]] {
      rubbish.withUnsafeBytes { #expect(MetricBlock.records(in: $0) == nil) }
    }
  }
}
