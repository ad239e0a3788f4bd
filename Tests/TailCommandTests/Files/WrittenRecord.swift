internal import Records
internal import Testing
internal import Unix

/// A record that was written, with its own copies of the fields.
struct WrittenRecord: Equatable {
  var source: String
  var hasPosition: Bool
  var timestamp: Int64?
  /// Nil: "done up to here".
  var message: String?

  /// All records of an output.
  static func all(_ output: some Collection<UInt8>) throws -> [WrittenRecord] {
    try output.split(separator: 0x0A).map { line in
      try Array(line).withUnsafeBytes { bytes in
        guard case .record(let record) = LogRecord.parse(bytes) else {
          Issue.record("no record: \(bytes.text)")
          throw NoRecord()
        }
        return WrittenRecord(
          source: text(record.source), hasPosition: record.position.map { !$0.isEmpty } ?? false, timestamp: record.timestamp,
          message: record.message.map(text))
      }
    }
  }

  private struct NoRecord: Error {}

  private static func text(_ inside: UnsafeRawBufferPointer) -> String {
    let buffer = ByteBuffer()
    JSONText.appendUnescaped(inside, to: buffer)
    return buffer.bytes.text
  }
}
