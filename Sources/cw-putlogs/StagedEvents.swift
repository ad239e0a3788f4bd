internal import Unix

/// Events behind which no position has come yet: if their writer dies now they come again, so they are not sent.
final class StagedEvents {
  private let messages = ByteBuffer(capacity: 512)
  private var events: [Event] = []
  private var clocks = EventClocks()

  private struct Event {
    var timestamp: Int64
    var end: Int
    /// Of the text, in UTF-8 bytes.
    var length: Int
  }

  /// Bytes of the messages.
  var size: Int { messages.count }
  /// Bytes of memory held, about.
  var footprint: Int { messages.count + events.count * MemoryLayout<Event>.stride + 512 }
  var count: Int { events.count }
  /// Of all text, in UTF-8 bytes.
  private(set) var length = 0

  /// Takes an event whose message is the inside of a JSON string.
  func add(timestamp: Int64, clock: EventClock?, escaped message: UnsafeRawBufferPointer, length: Int) {
    self.length += length
    messages.append(message)
    events.append(Event(timestamp: timestamp, end: messages.count, length: length))
    clocks.append(clock)
  }

  /// Hands out all events in order, and forgets them.
  func drain(_ body: (_ timestamp: Int64, _ clock: EventClock?, _ message: UnsafeRawBufferPointer, _ length: Int) -> Void) {
    var start = 0
    for (index, event) in events.enumerated() {
      body(event.timestamp, clocks[index], messages.bytes.part(start..<event.end), event.length)
      start = event.end
    }
    removeAll()
  }

  func removeAll() {
    length = 0
    events.removeAll(keepingCapacity: true)
    clocks.removeAll()
    messages.removeAll()
    messages.shrink(to: 1 << 18)
  }
}
