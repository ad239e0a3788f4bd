package import Unix

/// A record that is written again and again, with another value and time: everything else is made JSON once.
package struct RecordTemplate {
  package let record: MetricRecord
  private let head: [UInt8]
  private let unit: [UInt8]
  private let tail: [UInt8]

  /// Its value and time are of no importance.
  package init(_ record: MetricRecord) {
    func bytes(_ append: (ByteBuffer) -> Void) -> [UInt8] {
      let buffer = ByteBuffer()
      append(buffer)
      return buffer.array
    }
    self.record = record
    head = bytes {
      record.appendHead(to: $0)
      $0.append(",\"value\":")
    }
    unit = bytes(record.appendUnit)
    tail = bytes(record.appendTail)
  }

  /// Appends the record and its LF.
  /// - Parameters:
  ///   - value: finite.
  ///   - timestamp: milliseconds since the epoch.
  package func append(_ value: Double, timestamp: Int64, to buffer: ByteBuffer) {
    buffer.append(head)
    MetricRecord.append(value, to: buffer)
    buffer.append(unit)
    buffer.append(decimal: timestamp)
    buffer.append(tail)
  }
}
