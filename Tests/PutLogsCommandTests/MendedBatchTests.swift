internal import Config
internal import Records
import Testing
internal import TestSupport
internal import Unix
@testable internal import PutLogsCommand

/// Batches whose times are mended: no event is lost, none is changed otherwise, and the limits hold.
@Suite struct MendedBatchTests {
  private struct Event: Hashable {
    var timestamp: Int64
    var message: String
  }

  private static let noon: Int64 = 1_795_341_600_000
  private static let hour: Int64 = 3_600_000
  private let destination = Destination(group: "g", stream: "s")

  private func events(_ batch: EventBatch) throws -> [Event] {
    let request = try JSONValue(batch.body.array)
    return (request["logEvents"]?.elements ?? []).compactMap { event in
      guard let time = event["timestamp"]?.number, let message = event["message"]?.string else { return nil }
      return Event(timestamp: Int64(time), message: message)
    }
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func holdsWhatItHeld(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let times = EventTimes(bootTime: Self.noon, now: Self.noon + Self.hour, isOfService: true)
    let leads: [Int64] = [0, 5000, -20 * 24 * Self.hour, 3 * Self.hour, -12 * Self.hour]
    let batch = EventBatch()
    batch.begin(destination)
    let progress = SourceProgress(source: Array("/a".utf8))
    var expected: [Event] = []
    for number in 0..<random.pick(1...200) {
      let lead = leads[random.pick(0...leads.count - 1)]
      let read = Int64(random.pick(0...Int(Self.hour)))
      let isStamp = !random.oneIn(3)
      let timestamp = Self.noon + read + (isStamp ? lead : -Int64(random.pick(0...1_000_000)))
      let clock = random.oneIn(4) ? nil : EventClock(bootTime: Self.noon + lead, isStamp: isStamp)
      let message = "\(number) " + random.text(scalars: random.pick(0...20))
      guard Array(message.utf8).withUnsafeBytes({ batch.add(timestamp: timestamp, raw: $0) }) == .added else { continue }
      batch.note(clock)
      batch.assign(to: progress.current)
      expected.append(Event(timestamp: times.mended(timestamp, clock).timestamp, message: message))
    }
    batch.seal()
    let count = batch.count
    #expect(count == expected.count)
    let parts = batch.mended(times, destination) ?? [batch]
    #expect(parts.reduce(0) { $0 + $1.count } == count)
    #expect(parts.allSatisfy(\.canRewind) == parts.isEmpty, "nobody keeps this source's positions")
    #expect(parts.reduce(0) { $0 + $1.shares.reduce(0) { $0 + $1.count } } == count)
    var found: [Event] = []
    for part in parts {
      let events = try events(part)
      #expect(events.map(\.timestamp) == events.map(\.timestamp).sorted())
      #expect((events.last?.timestamp ?? 0) - (events.first?.timestamp ?? 0) <= 24 * Self.hour)
      #expect(part.mended(times, destination) == nil, "once is enough")
      found += events
    }
    #expect(Set(found) == Set(expected))
    for part in parts { part.acknowledge(refused: 0) }
    #expect(progress.state.delivered == Int64(count))
  }

  /// Of a batch that the service has taken in part.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func whatIsRefusedIsHeldOnceMore(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let times = EventTimes(bootTime: Self.noon, now: Self.noon + Self.hour, isOfService: true)
    let batch = EventBatch()
    batch.begin(destination)
    for number in 0..<random.pick(1...50) {
      let clock = random.oneIn(3) ? nil : EventClock(bootTime: Self.noon - 20 * 24 * Self.hour, isStamp: false)
      #expect(
        Array("\(number)".utf8).withUnsafeBytes { batch.add(timestamp: Self.noon - 20 * 24 * Self.hour + Int64(number), raw: $0) } == .added
      )
      batch.note(clock)
    }
    batch.seal()
    let first = random.pick(0...batch.count)
    let last = random.pick(0...batch.count - first)
    let parts = batch.mendedRefused((first, last), times, destination)
    let wanted = (0..<batch.count).filter { ($0 < first || $0 >= batch.count - last) && batch.clocks[$0] != nil }
    let found = try parts.flatMap { try events($0) }
    #expect(found == wanted.map { Event(timestamp: Self.noon + Int64($0), message: "\($0)") })
    #expect(parts.allSatisfy { $0.mendedRefused((1, 0), times, destination).isEmpty }, "twice is enough")
  }
}
