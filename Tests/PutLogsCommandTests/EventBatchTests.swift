internal import Config
import Testing

internal import FoundationEssentials
@testable internal import PutLogsCommand
internal import Records
internal import TestSupport
internal import Unix

@Suite struct EventBatchTests {
  struct Event: Equatable {
    var timestamp: Int64
    var message: String
  }

  // "PutLogEvents", API Reference.
  static let maximumEvents = 10_000
  static let maximumSize = 1_048_576
  static let overhead = 26
  static let maximumSpan: Int64 = 24 * 60 * 60 * 1000

  private let batch = EventBatch()
  private let destination = Destination(group: "/home/pi", stream: "sys\"log")

  init() { batch.begin(destination) }

  @Test func writesTheBodyOfTheCall() {
    #expect(add(2, "a \"b\"\n") == .added)
    #expect(add(1, "first") == .added)
    #expect(batch.count == 2)
    #expect(batch.size == 6 + 5 + 2 * 26)
    batch.seal()
    #expect(
      batch.body.bytes.text
        == #"{"logGroupName":"/home/pi","logStreamName":"sys\"log","logEvents":[{"timestamp":1,"message":"first"},{"timestamp":2,"message":"a \"b\"\n"}]}"#
    )
  }

  @Test func halvesHoldAllEventsInTheirOrder() throws {
    for (timestamp, message) in [(5, "e"), (1, "a"), (3, "c"), (2, "b,]}"), (4, "d")] { #expect(add(Int64(timestamp), message) == .added) }
    batch.seal()
    let (first, second) = batch.halves(destination)
    let (inner, rest) = second.halves(destination)
    #expect([first, second, inner, rest].map(\.count) == [2, 3, 1, 2])
    let head = #"{"logGroupName":"/home/pi","logStreamName":"sys\"log","logEvents":["#
    #expect(first.body.text == head + #"{"timestamp":1,"message":"a"},{"timestamp":2,"message":"b,]}"}]}"#)
    #expect(inner.body.text == head + #"{"timestamp":3,"message":"c"}]}"#)
    #expect(rest.body.text == head + #"{"timestamp":4,"message":"d"},{"timestamp":5,"message":"e"}]}"#)
  }

  @Test func takesEscapedMessagesUnchanged() throws {
    let inside = Array(#"\u00e4\ud83d\ude00\/"#.utf8)
    #expect(inside.withUnsafeBytes { batch.add(timestamp: 1, escaped: $0, length: 7) } == .added)
    #expect(batch.size == 7 + 26)
    batch.seal()
    #expect(batch.body.bytes.text.contains(#""message":"\u00e4\ud83d\ude00\/"}"#))
    #expect(try events() == [Event(timestamp: 1, message: "\u{E4}\u{1F600}/")])
  }

  @Test func repairsRawMessages() throws {
    let raw: [UInt8] = [0x61, 0xFF, 0x62]
    #expect(raw.withUnsafeBytes { batch.add(timestamp: 1, raw: $0) } == .added)
    #expect(batch.size == 5 + 26, "U+FFFD counts as its three bytes")
    batch.seal()
    #expect(try events() == [Event(timestamp: 1, message: "a\u{FFFD}b")])
  }

  @Test func holdsTenThousandEvents() throws {
    let outcomes = (0..<Self.maximumEvents).map { add(Int64($0 / 7), "\($0)") }
    #expect(outcomes.allSatisfy { $0 == .added })
    #expect(add(1, "one more") == .full)
    #expect(batch.count == Self.maximumEvents)
    batch.seal()
    let events = try events()
    #expect(events.count == Self.maximumEvents)
    #expect(events.last == Event(timestamp: 9999 / 7, message: "9999"))
  }

  @Test(arguments: [(1_048_550, EventBatch.Outcome.added), (1_048_551, .tooLong), (2_000_000, .tooLong)])
  func knowsTheLongestEvent(length: Int, outcome: EventBatch.Outcome) {
    #expect(add(1, String(repeating: "x", count: length)) == outcome)
    #expect(batch.count == (outcome == .added ? 1 : 0))
    #expect(batch.isEmpty == (outcome != .added))
  }

  @Test func countsTheSizeToTheByte() {
    #expect(add(1, String(repeating: "x", count: 1_000_000)) == .added)
    let left = Self.maximumSize - 1_000_000 - 2 * Self.overhead
    #expect(add(1, String(repeating: "y", count: left + 1)) == .full)
    #expect(add(1, String(repeating: "y", count: left)) == .added)
    #expect(batch.size == Self.maximumSize)
    #expect(add(1, "") == .full)
  }

  @Test func countsCharactersAsUTF8AndNotAsEscapes() {
    // Six times as long in the body, which has its own bound.
    #expect(add(1, String(repeating: "\u{1}", count: 600_000)) == .added)
    #expect(batch.size == 600_026)
    #expect(add(1, String(repeating: "\u{E4}", count: 200_000)) == .added)
    #expect(batch.size == 1_000_052)
  }

  @Test func boundsTheEncodedBody() {
    var outcome = EventBatch.Outcome.added
    var added = 0
    while outcome == .added {
      outcome = add(1, String(repeating: "\u{1}", count: 10_000))
      if outcome == .added { added += 1 }
    }
    #expect(outcome == .full)
    #expect(added == (EventBatch.maximumBodyLength - 200) / 60_030)
    #expect(batch.body.count <= EventBatch.maximumBodyLength)
  }

  @Test func aloneTheLongestEventIsTakenHoweverItIsEscaped() throws {
    #expect(add(1, String(repeating: "\u{1}", count: 1_048_550)) == .added)
    #expect(add(1, "x") == .full)
    batch.seal()
    #expect(batch.body.bytes.suffix(2).elementsEqual("]}".utf8))
    batch.begin(destination)
    #expect(batch.body.capacity <= EventBatch.maximumBodyLength, "the memory goes back")
  }

  @Test(
    arguments: [
      ([0, 86_400_000], [.added, .added]), ([0, 86_400_001], [.added, .full]), ([86_400_000, 0], [.added, .added]),
      ([86_400_001, 0], [.added, .full]), ([50, 86_400_050, 49, 86_400_051, 51], [.added, .added, .full, .full, .added]),
      ([.max, .min], [.added, .full]), ([.min, .max], [.added, .full]), ([.max, -1], [.added, .full]), ([-2, .max], [.added, .full]),
      ([.max, .max - 86_400_000, .max - 86_400_001], [.added, .added, .full]),
    ] as [([Int64], [EventBatch.Outcome])])
  func spansADayAtMost(timestamps: [Int64], outcomes: [EventBatch.Outcome]) throws {
    #expect(timestamps.map { add($0, "\($0)") } == outcomes)
    batch.seal()
    let taken = zip(timestamps, outcomes).filter { $0.1 == .added }.map(\.0).sorted()
    #expect(try events() == taken.map { Event(timestamp: $0, message: "\($0)") })
  }

  @Test(arguments: [EventBatch.Outcome.full, .tooLong])
  func whatWasNotTakenLeavesNoTrace(outcome: EventBatch.Outcome) throws {
    #expect(add(5, "a") == .added)
    switch outcome {
    case .full: #expect(add(5 + Self.maximumSpan + 1, "b") == .full)
    default: #expect(add(6, String(repeating: "b", count: Self.maximumSize)) == .tooLong)
    }
    let (count, size, length) = (batch.count, batch.size, batch.body.count)
    #expect((count, size) == (1, 27))
    #expect(add(5, "c") == .added)
    #expect(batch.body.count - length == #"{"timestamp":5,"message":"c"},"#.utf8.count)
    batch.seal()
    #expect(try events() == [Event(timestamp: 5, message: "a"), Event(timestamp: 5, message: "c")])
  }

  @Test func beginsAnewForAnotherDestination() throws {
    _ = add(9, "old")
    _ = add(8, "old")
    batch.seal()
    batch.begin(Destination(group: "g", stream: "s"))
    #expect(batch.isEmpty)
    #expect(batch.size == 0)
    // The least timestamp there is must not be taken for none.
    #expect(add(.min, "new") == .added)
    batch.seal()
    #expect(
      batch.body.bytes.text == #"{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":-9223372036854775808,"message":"new"}]}"#
    )
  }

  @Test func equalTimestampsStayAsTheyCame() throws {
    for (timestamp, message) in [(3, "a"), (1, "b"), (3, "c"), (2, "d"), (1, "e"), (3, "f")] { _ = add(Int64(timestamp), message) }
    batch.seal()
    #expect(try events().map(\.message) == ["b", "e", "d", "a", "c", "f"])
  }

  /// Whatever comes, no batch breaks a limit, each is as full as the limits allow, and together they hold all events.
  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func neverBreaksALimit(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let longest = [10, 100, 3_000, 200_000][random.pick(0...3)]
    let spread = [0, 1000, 90_000_000, 1_000_000_000_000][random.pick(0...3)]
    var now: Int64 = 1_795_341_600_000
    var pending: [Event] = []
    for _ in 0..<300 {
      now += Int64(random.pick(0...1000))
      let timestamp = now - Int64(random.oneIn(3) ? random.pick(0...spread) : 0)
      let text = random.text(scalars: random.pick(1...10))
      let message = random.oneIn(4) ? String(repeating: text, count: random.pick(1...longest / 10)) : text
      let event = Event(timestamp: timestamp, message: message)
      if offer(event, &random) == .full {
        try check(pending, next: event)
        batch.begin(destination)
        pending = []
        #expect(offer(event, &random) == .added)
      }
      pending.append(event)
    }
    try check(pending, next: nil)
  }

  // MARK: -

  private func check(_ pending: [Event], next: Event?) throws {
    let size = pending.reduce(0) { $0 + $1.message.utf8.count + Self.overhead }
    #expect(batch.count == pending.count)
    #expect(batch.size == size)
    #expect(pending.count <= Self.maximumEvents)
    #expect(size <= Self.maximumSize)
    #expect(batch.body.count <= EventBatch.maximumBodyLength || pending.count == 1)
    let times = pending.map(\.timestamp)
    let (earliest, latest) = (times.min() ?? 0, times.max() ?? 0)
    #expect(latest - earliest <= Self.maximumSpan)
    if let next {
      let isOver =
        pending.count == Self.maximumEvents || size + next.message.utf8.count + Self.overhead > Self.maximumSize
        || max(latest, next.timestamp) - min(earliest, next.timestamp) > Self.maximumSpan
        || batch.body.count + next.message.utf8.count * 6 + 50 > EventBatch.maximumBodyLength
      #expect(isOver, "there was room")
    }
    batch.seal()
    let expected = pending.enumerated().sorted { ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset) }.map(\.element)
    #expect(try events() == expected)
  }

  private func offer(_ event: Event, _ random: inout SeededGenerator) -> EventBatch.Outcome {
    if random.oneIn(2) { return add(event.timestamp, event.message) }
    let inside = ByteBuffer()
    let length = Array(event.message.utf8).withUnsafeBytes { JSONText.appendEscaped($0, to: inside).length }
    return batch.add(timestamp: event.timestamp, escaped: inside.bytes, length: length)
  }

  private func add(_ timestamp: Int64, _ message: String) -> EventBatch.Outcome {
    Array(message.utf8).withUnsafeBytes { batch.add(timestamp: timestamp, raw: $0) }
  }

  /// What the service would read in the sealed body.
  private func events() throws -> [Event] {
    let body = try JSONDecoder().decode(Body.self, from: Data(batch.body.bytes))
    #expect(body.logGroupName == destination.group)
    #expect(body.logStreamName == destination.stream)
    return body.logEvents.map { Event(timestamp: $0.timestamp, message: $0.message) }
  }

  private struct Body: Decodable {
    struct InputLogEvent: Decodable {
      let timestamp: Int64
      let message: String
    }
    let logGroupName: String
    let logStreamName: String
    let logEvents: [InputLogEvent]
  }
}
