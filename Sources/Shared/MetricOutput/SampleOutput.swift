package import Records
internal import Unix

/// Writes samples, each in one piece, so that a reader of the pipe always finds whole samples.
package final class SampleOutput {
  package let format: Format
  private let write: (UnsafeRawBufferPointer) throws -> Void
  // The sample that is being made: JSON, or what the table will show.
  private let buffer = ByteBuffer(capacity: 1 << 13)
  private var rows: [MetricRecord] = []
  /// Records so far.
  package private(set) var count: Int64 = 0
  private var hasWritten = false

  /// - Parameter write: takes each sample whole; by default standard output does.
  package init(
    _ format: Format, write: @escaping (UnsafeRawBufferPointer) throws -> Void = { try Descriptor.writeAll(STDOUT_FILENO, $0) }
  ) {
    self.format = format
    self.write = write
  }

  /// Adds a record to the sample.
  package func add(_ record: MetricRecord) {
    count += 1
    switch format {
    case .json: record.append(to: buffer)
    case .table: rows.append(record)
    }
  }

  /// Adds the record that a template makes; the parameters are those of `RecordTemplate.append`.
  package func add(_ template: RecordTemplate, _ value: Double, timestamp: Int64) {
    count += 1
    switch format {
    case .json: template.append(value, timestamp: timestamp, to: buffer)
    case .table:
      var record = template.record
      record.measurement = .value(value)
      record.timestamp = timestamp
      rows.append(record)
    }
  }

  /// Writes the sample; nothing if there is no record in it.
  /// - Throws: what the function given to `init` throws.
  package func endSample() throws {
    if !rows.isEmpty {
      if hasWritten { buffer.append("\n") }
      buffer.append(Table.text(rows))
      rows.removeAll()
    }
    if !buffer.isEmpty { try flush() }
  }

  /// Writes one sample.
  /// - Throws: what the function given to `init` throws.
  package func write(_ sample: [MetricRecord]) throws {
    for record in sample { add(record) }
    try endSample()
  }

  /// Says that nothing more comes, and that nothing is missing.
  /// - Throws: what the function given to `init` throws.
  package func end() throws {
    guard format == .json else { return }
    MetricRecord.appendEnd(after: count, to: buffer)
    try flush()
  }

  private func flush() throws {
    hasWritten = true
    try write(buffer.bytes)
    buffer.removeAll()
  }
}
