internal import Unix

/// Buffered output: small pieces are collected, large ones written directly.
final class FilterOutput {
  let descriptor: Int32
  private let buffer: ByteBuffer
  private let limit: Int

  init(descriptor: Int32, limit: Int = 1 << 16) {
    self.descriptor = descriptor
    self.limit = limit
    buffer = ByteBuffer(capacity: limit)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    let isLarge = bytes.count >= limit / 2
    if isLarge || buffer.count + bytes.count > limit { try flush() }
    if isLarge {
      // Copying it would cost more than a system call.
      try Descriptor.writeAll(descriptor, bytes)
    } else {
      buffer.append(bytes)
    }
  }

  func append(_ text: StaticString) throws {
    try append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  func append(decimal value: Int64) throws {
    if buffer.count + 20 > limit { try flush() }
    buffer.append(decimal: value)
  }

  func flush() throws {
    guard !buffer.isEmpty else { return }
    try Descriptor.writeAll(descriptor, buffer)
    buffer.removeAll()
  }
}
