internal import Unix

/// A pipe(2) whose ends no program inherits unless it is given them. Both ends are closed with this object, if not before.
final class PipeEnds {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws { (reading, writing) = try Descriptor.pipe() }

  deinit {
    closeReading()
    closeWriting()
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
