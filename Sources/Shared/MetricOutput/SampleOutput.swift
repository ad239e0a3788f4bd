package import Records
internal import Unix

/// Writes samples, each in one piece, so that a reader of the pipe always finds whole samples.
package struct SampleOutput {
  package let format: Format
  private let write: (UnsafeRawBufferPointer) throws -> Void
  private let buffer = ByteBuffer(capacity: 1 << 13)
  /// Records so far.
  package private(set) var count: Int64 = 0

  /// - Parameter write: takes each sample whole; by default standard output does.
  package init(
    _ format: Format, write: @escaping (UnsafeRawBufferPointer) throws -> Void = { try Descriptor.writeAll(STDOUT_FILENO, $0) }
  ) {
    self.format = format
    self.write = write
  }

  /// Writes one sample.
  /// - Throws: what the function given to `init` throws.
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
  /// - Throws: what the function given to `init` throws.
  package func end() throws {
    guard format == .json else { return }
    MetricRecord.appendEnd(after: count, to: buffer)
    try flush()
  }

  private func flush() throws {
    try write(buffer.bytes)
    buffer.removeAll()
  }
}
