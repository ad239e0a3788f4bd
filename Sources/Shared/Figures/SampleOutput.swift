package import Records
internal import Unix

/// Writes samples, each by one write(2), so that whoever looks into the pipe finds whole samples.
package struct SampleOutput {
  package let format: Format
  package let descriptor: Int32
  private let buffer = ByteBuffer(capacity: 1 << 13)
  /// Records so far.
  package private(set) var count: Int64 = 0

  package init(_ format: Format, descriptor: Int32 = STDOUT_FILENO) {
    self.format = format
    self.descriptor = descriptor
  }

  package mutating func write(_ sample: [MetricRecord]) throws {
    switch format {
    case .json: for record in sample { record.append(to: buffer) }
    case .table:
      if count > 0 { buffer.append("\n") }
      buffer.append(Table.text(sample))
    }
    count += Int64(sample.count)
    try flush()
  }

  /// Says that nothing more comes, and that nothing is missing.
  package func end() throws {
    guard format == .json else { return }
    MetricRecord.appendEnd(after: count, to: buffer)
    try flush()
  }

  private func flush() throws {
    try Descriptor.writeAll(descriptor, buffer)
    buffer.removeAll()
  }
}
