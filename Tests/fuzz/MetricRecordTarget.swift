internal import Records
internal import TestSupport
internal import Unix

@testable internal import PutMetricsCommand

/// A line from another program; what we write is read back, and what is sent is JSON.
func fuzzMetricRecord(_ input: Bytes) {
  guard case .record(let record) = MetricRecord.parse(input) else { return }
  let line = ByteBuffer()
  record.append(to: line)
  hold(line.bytes.firstIndex(of: 0x0A, from: 0) == line.count - 1, "a record is one line")
  let again = MetricRecord.parse(line.bytes.part(0..<line.count - 1))
  hold(again == .record(record), "what was written is read back: \(line.text)")

  _ = DatumRules.validationError(of: record, namespace: record.namespace ?? "N", now: 1_795_341_600_000)
  let batch = DatumBatch(namespace: record.namespace ?? "N")
  for _ in 0..<3 { hold(batch.add(record), "three metrics have place in a call") }
  batch.seal()
  let halves = batch.halves()
  for (part, count) in [(batch, 3), (halves.0, 1), (halves.1, 2)] {
    let members = (try? JSONValue(part.body.bytes))?["MetricData"]?.elements
    hold(members?.count == count, "the body is JSON: \(part.body.text)")
  }

  let block = MetricBlock()
  block.add(record)
  let stored = ByteBuffer()
  block.move(to: stored)
  hold(MetricBlock.records(in: stored.bytes) == [record], "what was stored is read back")
  // Of a queue's record that is whole its header may still be anything.
  hold(MetricBlock.records(in: input)?.count ?? 0 <= input.count * 1100, "no more comes out of a block than compression can hold")

  var folding = MetricFolding(storageResolution: record.dimensions.isEmpty ? 60 : nil)
  for _ in 0..<2 { folding.add(record) }
  for part in folding.folded {
    guard case .distribution(let values, let counts) = part.record.measurement else { continue }
    hold(values.count == counts.count && (1...150).contains(values.count), "a part has as many values as CloudWatch takes")
  }
  hold(folding.folded.reduce(0) { $0 + $1.records } == 2, "each record is in one part")
}
