internal import AWS
internal import Config
internal import Records
import Testing
internal import TestSupport
@testable internal import PutLogsCommand
@testable internal import Unix

/// Records that a wrong clock has stamped, with a service that answers as each test wants. The machine booted at noon, by the service.
@Suite final class WrongClockTests {
  private static let noon: Int64 = 1_795_341_600_000
  private static let weeks: Int64 = 20 * 24 * 3_600_000
  private let client = ScriptedClient()
  /// Milliseconds by which this machine's clock leads.
  private var lead: Int64 = 0
  private var sinceBoot: Int64 = 1000
  private lazy var shipper = Shipper(
    client, interval: 0, clock: { [unowned self] in sinceBoot * 1_000_000 },
    wallClock: { [unowned self] in Clock.Reading(realtime: Self.noon + lead + sinceBoot, sinceBoot: sinceBoot) })
  private lazy var logInput = RecordLogInput(shipper) { Destination(group: "/g", stream: $0) }

  private func take(_ lines: String...) {
    for line in lines {
      Array(line.utf8).withUnsafeBytes {
        logInput.take(LineReader.Line(bytes: $0, terminator: .lineFeed), now: sinceBoot * 1_000_000, realtime: 0)
      }
    }
  }

  /// A record as cw-tail writes it: read so long after the boot, with a time of its own or stamped.
  private func record(_ message: String, at read: Int64, told: Int64? = nil, _ more: String = "") -> String {
    let boot = String(BootIdentity.current ?? 0, radix: 16)
    let clock = String(repeating: "0", count: 8 - boot.count) + boot + ":\(Self.noon + lead + read):\(read)"
    let timestamp = told ?? Self.noon + lead + read
    return #"{"source":"/a","timestamp":\#(timestamp),"clock":"\#(clock)","message":"\#(message)"\#(more)}"#
  }

  private var timestamps: [Int64] { (client.calls.first?.timestamps ?? []).map { $0 - Self.noon } }

  /// The machine learns its time from the refusal of the first request, before anything is stored under a wrong one.
  @Test func aRequestThatIsRefusedForItsTimeIsMadeAnewWithBetterTimes() {
    lead = -Self.weeks
    take(record("a", at: 100), record("b", at: 200))
    sinceBoot = 5000
    shipper.sendAll()
    #expect(timestamps == [100 - Self.weeks, 200 - Self.weeks])
    client.bootTime = Self.noon
    client.refuse("/a", .clockSkew, "InvalidSignatureException")
    #expect(timestamps == [100, 200])
    #expect(client.messages("/a") == ["a", "b"])
    client.accept("/a", "{}")
    #expect(shipper.counters == Counters(delivered: 2, requests: 1))
    #expect(shipper.isIdle && shipper.buffered == 0)
    // From now on it is known.
    take(record("c", at: 4000))
    shipper.sendAll()
    #expect(timestamps == [4000])
  }

  @Test func aServiceThatNeverLikesTheTimeEndsIt() {
    take(record("a", at: 100))
    shipper.sendAll()
    for _ in 0..<3 { client.refuse("/a", .clockSkew, "InvalidSignatureException") }
    #expect(shipper.failure == nil)
    client.refuse("/a", .clockSkew, "InvalidSignatureException")
    #expect(shipper.failure?.code == "InvalidSignatureException")
  }

  @Test func whatTheServiceDropsForItsTimeIsSentAgain() {
    lead = 3 * 3_600_000
    take(record("ahead", at: 100), record("ahead too", at: 200))
    lead = 0
    sinceBoot = 5000
    take(record("right", at: 4000), #"{"source":"/a","timestamp":5,"clock":"ffffffff:5:5","message":"of another boot"}"#)
    shipper.sendAll()
    #expect(timestamps == [100, 200, 4000], "this machine's clock is trusted as it is now")
    // By the service it is an hour later.
    client.bootTime = Self.noon + 3_600_000
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":2}}"#)
    #expect(timestamps == [100 + 3_600_000, 200 + 3_600_000])
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"#)
    #expect(shipper.counters == Counters(delivered: 2, requests: 2, refused: 1))
    #expect(timestamps == [5 - Self.noon])
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"#)
    #expect(shipper.counters.refused == 2 && client.pendingCount == 0, "nothing better is known")
  }

  @Test func aTimeThatALineTellsIsMendedOnlyIfItIsRefused() {
    lead = -Self.weeks
    client.bootTime = Self.noon
    sinceBoot = 9000
    take(
      record("old", at: 100, told: Self.noon - 2 * Self.weeks), record("stamped", at: 300),
      record("told", at: 300, told: Self.noon - Self.weeks + 250))
    shipper.sendAll()
    #expect(timestamps == [-2 * Self.weeks])
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"#)
    #expect(timestamps == [300])
    client.accept("/a", "{}")
    #expect(timestamps == [250 - Self.weeks])
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"#)
    #expect(timestamps == [250])
    client.accept("/a", "{}")
    #expect(shipper.counters == Counters(delivered: 2, requests: 4, refused: 1))
    #expect(shipper.isIdle && shipper.buffered == 0)
  }

  /// The position stands behind both events, and one of them is tried again.
  @Test func aPositionWaitsForWhatIsTriedAgain() throws {
    let folder = try TemporaryFolder()
    let store = PositionStore(StateDirectory(folder.file("state")))
    logInput = RecordLogInput(shipper, store: store) { Destination(group: "/g", stream: $0) }
    let source = Array("/a".utf8)
    var position: String { String(decoding: store.progress(of: source).state.position, as: UTF8.self) }
    take(#"{"source":"/a","position":"0"}"#)
    lead = 3 * 3_600_000
    take(record("ahead", at: 100))
    lead = 0
    take(record("told", at: 200, told: Self.noon + 3 * 3_600_000, #","position":"1""#))
    client.bootTime = Self.noon
    sinceBoot = 5000
    shipper.sendAll()
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":1}}"#)
    #expect(position == "0")
    #expect(timestamps == [5000])
    client.accept("/a", "{}")
    #expect(position == "1")
    let state = store.progress(of: source).state
    #expect(state.delivered == 2 && state.refused == 0)
  }

  @Test func eventsThatLieMoreThanADayApartOnceTheyAreMendedGoInTwoRequests() {
    lead = -Self.weeks
    take(record("told", at: 100, told: Self.noon - Self.weeks + 50), record("stamped", at: 100))
    shipper.sendAll()
    #expect(timestamps == [50 - Self.weeks, 100 - Self.weeks])
    client.bootTime = Self.noon
    sinceBoot = 5000
    client.refuse("/a", .clockSkew, "InvalidSignatureException")
    #expect(timestamps == [50 - Self.weeks])
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"#)
    #expect(timestamps == [50])
    client.accept("/a", "{}")
    #expect(timestamps == [100])
    client.accept("/a", "{}")
    #expect(shipper.counters == Counters(delivered: 2, requests: 3))
  }

  @Test func linesOfAPipeAreMendedToo() {
    let logInput = PlainLogInput(shipper, stream: shipper.stream(Destination(group: "/g", stream: "/a")))
    lead = -Self.weeks
    sinceBoot = 100
    func take(_ text: String) {
      Array(text.utf8).withUnsafeBytes {
        logInput.take(.init(bytes: $0, terminator: .lineFeed), now: sinceBoot * 1_000_000, realtime: Self.noon + lead + sinceBoot)
      }
    }
    take("early")
    sinceBoot = 900
    lead = 0
    take("late")
    shipper.sendAll()
    #expect(timestamps == [100], "this machine's clock has been set since")
    client.accept("/a", "{}")
    #expect(timestamps == [900])
  }

  /// The service tells whole seconds, so that each answer tells another time of the boot, some before the last.
  @Test func linesKeepTheirOrderWhateverTheServiceTells() {
    lead = -Self.weeks
    var times: [Int64] = []
    for (read, error) in [(100, 0), (300, -900), (500, 0), (501, -999), (502, 700)] as [(Int64, Int64)] {
      client.bootTime = Self.noon + error
      sinceBoot = read + 1
      take(record("a", at: read))
      shipper.sendAll()
      times += timestamps
      client.accept("/a", "{}")
    }
    #expect(times == [100, 300, 500, 501, 502])
  }

  /// Of events that wait, and are mended when their batch is sent, and of one that was mended before that.
  @Test func waitingLinesComeBeforeLaterOnes() {
    lead = -Self.weeks
    take(record("first", at: 50))
    shipper.sendAll()
    take(record("waiting", at: 100))
    shipper.sendAll()
    client.bootTime = Self.noon - 900
    sinceBoot = 5000
    take(record("later", at: 300))
    shipper.sendAll()
    client.bootTime = Self.noon
    var times: [Int64] = []
    while client.pendingCount > 0 {
      times += timestamps
      client.accept("/a", "{}")
    }
    #expect(times == [50 - Self.weeks, 100 - 900, 300 - 900])
  }

  /// Refused times of one clock, of which one reading differs from the other by two milliseconds.
  @Test func timesThatLinesTellKeepTheirOrder() {
    lead = -Self.weeks
    client.bootTime = Self.noon
    sinceBoot = 9000
    take(record("stamped", at: 300), record("told", at: 300, told: Self.noon - Self.weeks + 250))
    lead += 2
    take(record("stamped too", at: 400), record("told too", at: 400, told: Self.noon - Self.weeks + 251))
    shipper.sendAll()
    #expect(timestamps == [300, 400])
    client.accept("/a", "{}")
    #expect(timestamps == [250 - Self.weeks, 251 - Self.weeks])
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":2}}"#)
    #expect(timestamps == [250, 251])
  }
}
