internal import Unix

/// A pipe(2) of which no end reaches a program that is not given it. Both ends are closed with this value, if not before.
final class PipeEnds {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws {
    (reading, writing) = try Descriptor.pipe()
  }

  deinit {
    closeReading()
    closeWriting()
  }

  /// Gives both ends away, for as long as this process lives.
  func release() -> (reading: Int32, writing: Int32) {
    defer { (reading, writing) = (-1, -1) }
    return (reading, writing)
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}
