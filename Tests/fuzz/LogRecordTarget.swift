internal import Config
internal import Records
internal import TestSupport
internal import Unix

@testable internal import PutLogsCommand

/// A line from another program; and what we write is read back, from our record and from the request.
func fuzzLogRecord(_ input: Bytes) {
  if case .record(let record) = LogRecord.parse(input) {
    hold(!record.source.isEmpty, "a record has a source")
    if let message = record.message {
      hold(unescaped(message).utf8.count == record.messageLength, "the length is that of the text")
      write(
        source: unescaped(record.source), position: record.position.map(unescaped), message: Array(unescaped(message).utf8),
        timestamp: record.timestamp ?? 0, isGap: record.isGap)
      request(record, message)
    }
  }
  let (source, message) = input.split(at: 0x0A)
  write(source: "/" + source.text, position: source.text, message: Array(message), timestamp: Int64(message.count), isGap: false)
}

private func write(source name: String, position: String?, message: [UInt8], timestamp: Int64, isGap: Bool) {
  let writer = LogRecordWriter(buffer: ByteBuffer())
  let source = LogRecordWriter.Source(name)
  let text = String(decoding: message, as: UTF8.self)
  if isGap {
    writer.append(source, gap: text, timestamp: timestamp)
  } else {
    message.withUnsafeBytes { _ = writer.append(source, timestamp: timestamp, message: $0) }
  }
  if let position { writer.cover(source, position: position, byLastRecord: true) }
  let line = writer.buffer.bytes
  hold(line.last == 0x0A && line.firstIndex(of: 0x0A, from: 0) == line.count - 1, "a record is one line")
  guard case .record(let record) = LogRecord.parse(line.part(0..<line.count - 1)), let read = record.message else {
    stop("what was written is not read: \(writer.buffer.text)")
  }
  hold(unescaped(record.source) == name && record.position.map(unescaped) == position, "source and position are read back")
  hold(unescaped(read) == text && record.messageLength == text.utf8.count, "the message is read back")
  hold(record.timestamp == timestamp && record.isGap == isGap, "the rest is read back")
}

// Sorted, sealed, cut in two: the events are the same, and the body is JSON.
private func request(_ record: LogRecord, _ message: Bytes) {
  let destination = Destination(group: unescaped(record.group ?? record.source), stream: unescaped(record.stream ?? record.source))
  let batch = EventBatch()
  batch.begin(destination)
  let timestamp = record.timestamp ?? 0
  for time in [timestamp, timestamp &- 1, timestamp &+ 1, 0] {
    _ = batch.add(timestamp: time, escaped: message, length: record.messageLength)
  }
  let count = batch.count
  hold(count > 0, "an event of any time has its place")
  batch.seal()
  var messages: [String?] = []
  let halves = batch.halves(destination)
  for (body, expected) in [(batch, count), (halves.0, count / 2), (halves.1, count - count / 2)] where expected > 0 {
    guard let value = try? JSONValue(body.body.bytes), let events = value["logEvents"]?.elements else { stop("the body is JSON") }
    hold(events.count == expected, "every event is in the body")
    messages += events.map { $0["message"]?.string }
  }
  let text = unescaped(message)
  hold(messages.allSatisfy { $0 == text }, "the messages are in the body")
}
