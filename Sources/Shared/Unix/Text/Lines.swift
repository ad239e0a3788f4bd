/// The lines of a text without their LF. An LF at the end begins no further line.
package struct Lines: Sequence, IteratorProtocol {
  private let bytes: UnsafeRawBufferPointer
  private var start = 0

  /// The text must outlive the value.
  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package mutating func next() -> UnsafeRawBufferPointer? {
    guard start < bytes.count else { return nil }
    let end = bytes.firstIndex(of: 0x0A, from: start) ?? bytes.count
    defer { start = end + 1 }
    return bytes.part(start..<end)
  }
}
