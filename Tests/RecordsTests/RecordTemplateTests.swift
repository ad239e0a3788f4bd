import Testing

@testable internal import Records
internal import Unix

struct RecordTemplateTests {
  @Test func writesWhatTheRecordWrites() {
    let records = [
      MetricRecord(name: "a\"b", measurement: .value(0), unit: "Percent", timestamp: 0, dimensions: [.init(name: "p", value: "ä\\")]),
      MetricRecord(namespace: "N", name: "x", measurement: .value(0), timestamp: 0, resolution: 1),
    ]
    for var record in records {
      let template = RecordTemplate(record)
      for (value, time) in [(0, 0), (-1.5, 5), (1e300, 1_795_341_600_000), (12.345678901234567, -1), (1e15, 1), (0.1, 2)]
        as [(Double, Int64)]
      {
        record.measurement = .value(value)
        record.timestamp = time
        let (wanted, written) = (ByteBuffer(), ByteBuffer())
        record.append(to: wanted)
        template.append(value, timestamp: time, to: written)
        #expect(written.text == wanted.text)
        #expect(
          written.text.contains(":\(Int64(exactly: value).flatMap { value.magnitude < 1e15 ? String($0) : nil } ?? value.description),"))
      }
    }
  }
}
