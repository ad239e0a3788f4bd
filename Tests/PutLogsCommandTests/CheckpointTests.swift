internal import AWS
internal import Config
internal import Records
import Testing
internal import TestSupport
@testable internal import PutLogsCommand
@testable internal import Unix

/// Positions on their way from the records into the state file, with a service that answers as each test wants.
@Suite final class CheckpointTests {
  private let folder: TemporaryFolder
  private let client = ScriptedClient()
  private var now: Int64 = 0
  private var storeTime: Int64 = 0
  private lazy var shipper = Shipper(client, interval: 0, clock: { [unowned self] in now })
  private let store: PositionStore
  private lazy var logInput = RecordLogInput(shipper, store: store) { Destination(group: "/g", stream: $0) }

  init() throws {
    folder = try TemporaryFolder()
    store = PositionStore(StateDirectory(folder.file("state")))
  }

  private func take(_ lines: String...) { take(lines) }

  private func take(_ lines: [String]) {
    for line in lines {
      Array(line.utf8).withUnsafeBytes { logInput.take(LineReader.Line(bytes: $0, terminator: .lineFeed), now: now, realtime: 0) }
    }
    shipper.sendDue(now: now)
  }

  private func event(_ source: String, _ message: String, position: String? = nil, stream: String? = nil) -> String {
    let position = position.map { #","position":"\#($0)""# } ?? ""
    let stream = stream.map { #","stream":"\#($0)""# } ?? ""
    return #"{"source":"\#(source)"\#(position),"timestamp":5,"message":"\#(message)"\#(stream)}"#
  }

  private func position(_ source: String, _ position: String) -> String { #"{"source":"\#(source)","position":"\#(position)"}"# }

  private func stored(_ source: String) throws -> SourceState? {
    // What need not be stored at once is after a second.
    storeTime += 1_000_000_000
    store.turn(now: storeTime)
    return try onDisk(source)
  }

  private func onDisk(_ source: String) throws -> SourceState? {
    guard case .sources(let states) = try PositionFile.read(folder.file("state/positions")) else { return nil }
    return states.first { $0.sourceText == source }
  }

  // MARK: - coverage

  @Test func onlyWhatAPositionCoversIsSent() throws {
    take(position("/a", "0"), event("/a", "1"), event("/a", "2"))
    #expect(client.pendingCount == 0)
    #expect(try stored("/a")?.position == Array("0".utf8))
    take(event("/a", "3", position: "3"), event("/a", "4"))
    #expect(client.messages("/a") == ["1", "2", "3"])
    #expect(try stored("/a")?.position == Array("0".utf8))
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("3".utf8))
    #expect(try stored("/a")?.delivered == 3)
    #expect(client.pendingCount == 0)
  }

  @Test func aSourceThatNeverGivesAPositionIsSentAsItComes() throws {
    take(event("/a", "1"), event("/b", "1", position: "p"))
    #expect(client.messages("/a") == ["1"])
    client.accept("/a")
    client.accept("/b")
    #expect(try stored("/a") == nil)
    #expect(try stored("/b")?.delivered == 1)
  }

  @Test func aWholeInputNeedsNoLastPosition() {
    take(position("/a", "0"), event("/a", "1"), #"{"end":2}"#)
    #expect(client.messages("/a") == ["1"])
  }

  @Test func aPositionWithoutEventsWaitsForTheEventsBeforeIt() throws {
    take(event("/a", "1", position: "1"), position("/a", "2"), position("/a", "3"))
    #expect(try stored("/a") == nil)
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("3".utf8))
  }

  @Test func droppedLinesMoveThePositionWhileNothingIsUnderWay() throws {
    take(position("/a", "1"), position("/a", "2"))
    #expect(try stored("/a")?.position == Array("2".utf8))
  }

  // One source in two streams: the later position is answered first.
  @Test func thePositionIsTheContiguousPrefixNotTheLargest() throws {
    take(event("/a", "1", position: "1", stream: "x"), event("/a", "2", position: "2", stream: "y"))
    client.accept("y")
    #expect(try stored("/a") == nil)
    client.accept("x")
    #expect(try stored("/a")?.position == Array("2".utf8))
  }

  /// Else a kill in between repeats two requests.
  @Test func aPositionIsStoredBeforeTheNextRequestGoesOut() throws {
    let sender = LogSender(shipper, logInput, store: store)
    take(position("/a", "0"), event("/a", "1", position: "1"))
    take(event("/a", "2", position: "2"))
    var stored: [String?] = []
    client.onStart = { [unowned self] in stored.append(try? onDisk("/a").map { String(decoding: $0.position, as: UTF8.self) }) }
    client.accept("/a")
    #expect(stored == ["1"])
    #expect(!sender.isIdle)
  }

  @Test func eventsTooFarApartForOneRequestMoveThePositionOnlyTogether() throws {
    let day: Int64 = 24 * 3600 * 1000
    take(
      position("/a", "0"), #"{"source":"/a","timestamp":\#(3 * day),"message":"late"}"#,
      #"{"source":"/a","position":"2","timestamp":5,"message":"early"}"#)
    #expect(client.messages("/a") == ["late"])
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("0".utf8))
    #expect(client.messages("/a") == ["early"])
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("2".utf8))
  }

  @Test func eachHalfOfABatchHasToEnd() throws {
    take(position("/a", "0"), event("/a", "1"), event("/a", "bad"), event("/a", "3"), event("/a", "4", position: "4"))
    client.refuse("/a", .refused, "InvalidParameterException")
    #expect(client.messages("/a") == ["1", "bad"])
    client.refuse("/a", .refused, "InvalidParameterException")
    client.accept("/a")
    #expect(client.messages("/a") == ["bad"])
    client.refuse("/a", .refused, "InvalidParameterException")
    #expect(try stored("/a")?.position == Array("0".utf8))
    #expect(client.messages("/a") == ["3", "4"])
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("4".utf8))
    #expect(try stored("/a")?.delivered == 3)
    #expect(try stored("/a")?.refused == 1)
    #expect(try stored("/a")?.lastError?.contains("InvalidParameterException") == true)
  }

  /// So that nothing but what is under way comes again after a kill.
  @Test func aRequestEndsWhereAPositionStands() throws {
    take(position("/a", "0"))
    take((1...30_000).map { event("/a", "\($0)", position: $0 % 800 == 0 ? "\($0)" : nil) } + [position("/a", "30000")])
    shipper.sendAll()
    var counts: [Int] = []
    while let messages = client.messages("/a") {
      counts.append(messages.count)
      client.accept("/a")
    }
    #expect(counts == [9600, 9600, 9600, 1200])
    #expect(try stored("/a")?.position == Array("30000".utf8))
  }

  @Test func linesThatAreLostAreCountedForTheirSource() throws {
    take(position("/a", "0"), position("/b", "0"))
    take(#"{"source":"/a","timestamp":5,"message":"lost","gap":true}"#, position("/a", "1"))
    #expect(client.messages("/a") == ["lost"], "and the stream says so")
    client.accept("/a")
    #expect(try stored("/a")?.gaps == 1)
    #expect(try stored("/b")?.gaps == 0)
  }

  @Test func whatTheServiceRejectsIsCountedForItsSource() throws {
    take(event("/a", "old"), event("/a", "new", position: "2"))
    client.accept("/a", #"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":1}}"#)
    let state = try #require(try stored("/a"))
    #expect(state.position == Array("2".utf8))
    #expect(state.delivered == 1)
    #expect(state.refused == 1)
  }

  @Test func moreThanFitsInMemoryIsNotStagedForEver() {
    take(position("/a", "0"))
    let line = event("/a", String(repeating: "x", count: 1_000_000))
    for _ in 0..<10 { take(line) }
    #expect(client.pendingCount == 1)
  }

  // MARK: - forgetting

  @Test func aSourceIsForgottenWhenAllBeforeItHasEnded() throws {
    take(position("/a", "0"), event("/a", "1", position: "1"), position("/b", "0"), position("/a", ""))
    #expect(try stored("/a")?.position == Array("0".utf8))
    client.accept("/a")
    #expect(try stored("/a") == nil)
    #expect(try stored("/b") != nil)
    // A new log of that name.
    take(position("/a", "n0"), event("/a", "2", position: "n2"))
    #expect(try stored("/a")?.position == Array("n0".utf8))
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("n2".utf8))
    #expect(try stored("/a")?.delivered == 1)
  }

  /// What an earlier run has stored.
  @Test func aSourceThatThisRunHasNotMovedIsForgottenToo() throws {
    take(position("/a", "0"), position("/b", "0"))
    #expect(try stored("/a") != nil)
    store.close()
    try StateDirectory(folder.file("state2")).create()
    try folder.append("state2/positions", try TextFile.read(folder.file("state/positions")))
    let later = PositionStore(StateDirectory(folder.file("state2")))
    let logInput = RecordLogInput(shipper, store: later) { Destination(group: "/g", stream: $0) }
    for line in [position("/b", "1"), position("/a", "")] {
      Array(line.utf8).withUnsafeBytes { logInput.take(LineReader.Line(bytes: $0, terminator: .lineFeed), now: now, realtime: 0) }
    }
    later.close()
    guard case .sources(let states) = try PositionFile.read(folder.file("state2/positions")) else { throw SystemError("read", code: EIO) }
    #expect(states.map(\.sourceText) == ["/b"])
  }

  /// Thousands of names of which few live.
  @Test func memoryIsForThoseThatHaveSomething() throws {
    for number in 0..<2000 {
      let name = "/var/log/\(number)"
      take(position(name, "0"), event(name, "1", position: "1"))
      client.accept(name)
      storeTime += 1_000_000_000
      store.turn(now: storeTime)
    }
    #expect(shipper.streams.count <= 1024)
    #expect(try stored("/var/log/7")?.position == Array("1".utf8))
    // Still known as one that gives positions: what none covers waits.
    take(event("/var/log/7", "2"))
    #expect(client.pendingCount == 0)
    take(position("/var/log/7", "2"))
    client.accept("/var/log/7")
    #expect(try stored("/var/log/7")?.delivered == 2)
    // And as one whose events can be had again.
    take(event("/var/log/8", "2", position: "2"))
    client.refuse("/var/log/8", .accessDenied, "AccessDeniedException")
    #expect(shipper.counters.refused == 0)
  }

  /// Of an earlier run, or of this one before thousands of others came.
  @Test func eventsOfASourceThatIsKnownAlreadyAreNotRefusedForGood() throws {
    take(position("/a", "0"), position("/b", "0"))
    store.close()
    try StateDirectory(folder.file("state2")).create()
    try folder.append("state2/positions", try TextFile.read(folder.file("state/positions")))
    let later = PositionStore(StateDirectory(folder.file("state2")))
    let logInput = RecordLogInput(shipper, store: later) { Destination(group: "/g", stream: $0) }
    for line in [position("/b", "0"), event("/a", "1", position: "1")] {
      Array(line.utf8).withUnsafeBytes { logInput.take(LineReader.Line(bytes: $0, terminator: .lineFeed), now: now, realtime: 0) }
    }
    shipper.sendDue(now: now)
    client.refuse("/a", .accessDenied, "AccessDeniedException")
    #expect(shipper.counters.refused == 0)
  }

  // MARK: - days

  private func event(_ source: String, day: Int64, position: String? = nil) -> String {
    let position = position.map { #","position":"\#($0)""# } ?? ""
    return #"{"source":"\#(source)"\#(position),"timestamp":\#(day * 24 * 3600 * 1000),"message":"of \#(day)"}"#
  }

  /// Lines of today and of two days ago by turns: each was a request of its own.
  @Test func daysByTurnsAreTwoRequests() throws {
    shipper = Shipper(client, interval: 10, clock: { [unowned self] in now })
    take(position("/a", "0"))
    for number in 1...2000 as ClosedRange<Int64> {
      take(event("/a", day: 20_000 + number % 2 * 2, position: number % 100 == 0 ? "\(number)" : nil))
    }
    #expect(client.pendingCount == 0)
    shipper.sendAll()
    #expect(client.messages("/a") == Array(repeating: "of 20002", count: 1000))
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("0".utf8), "half of what is before each later position is under way")
    #expect(client.messages("/a") == Array(repeating: "of 20000", count: 1000))
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("2000".utf8))
    #expect(client.pendingCount == 0)
  }

  /// However many days there are, positions move: the oldest wait no longer than the newest.
  @Test func anyNumberOfDaysIsDelivered() throws {
    shipper = Shipper(client, interval: 10, clock: { [unowned self] in now })
    take(position("/a", "0"))
    for number in 1...100 as ClosedRange<Int64> { take(event("/a", day: number * 7 % 50, position: "\(number)")) }
    #expect(client.pendingCount == 1)
    shipper.sendAll()
    var count = 0
    while let messages = client.messages("/a") {
      count += messages.count
      client.accept("/a")
    }
    #expect(count == 100)
    #expect(try stored("/a")?.position == Array("100".utf8))
  }

  @Test func whatBatchesHoldIsCounted() {
    shipper = Shipper(client, interval: 10, clock: { [unowned self] in now })
    for number in 0..<4000 { take(position("/\(number)", "0"), event("/\(number)", "1", position: "1")) }
    #expect(shipper.isFull, "of bodies they are a third")
    shipper.sendAll()
    for number in 0..<4000 { client.accept("/\(number)") }
    #expect(shipper.buffered == 0)
  }

  // MARK: - obstacles

  /// One whose every event is a request holds up itself.
  @Test func aStreamOfTooManyRequestsLeavesMemoryToTheOthers() throws {
    take(position("/a", "0"), position("/b", "0"), event("/b", "1", position: "1"))
    client.accept("/b")
    var taken = 0
    while !shipper.isFull {
      taken += 1
      take(event("/a", day: Int64(taken * 17), position: "\(taken)"))
    }
    #expect(taken > 100)
    for _ in 0..<10 { client.accept("/a") }
    now = 4_900_000_000
    shipper.sendDue(now: now)
    #expect(shipper.blockedStreams.isEmpty)
    now = 5_100_000_000
    shipper.sendDue(now: now)
    #expect(shipper.blockedStreams.count == 1)
    #expect(shipper.buffered < Shipper.maximumBuffered / 3)
    take(event("/b", "2", position: "2"), event("/a", day: 1, position: "more"))
    client.accept("/b")
    #expect(try stored("/b")?.position == Array("2".utf8))

    // What it has kept arrives, the rest comes again in another run.
    var count = 10
    while client.messages("/a") != nil {
      client.accept("/a")
      count += 1
    }
    #expect(try stored("/a")?.position == Array("\(count)".utf8))
    #expect((100..<taken).contains(count))
    #expect(shipper.needsRewind == nil && shipper.counters.refused == 0)
    let due = try #require(shipper.nextDue)
    #expect(due >= 300_000_000_000)
    now = due
    shipper.sendDue(now: now)
    #expect(shipper.needsRewind?.stream == "/a")
  }

  /// After an outage all queues are old.
  @Test func aQueueOfAnOutageIsGivenTime() throws {
    take(position("/a", "0"), position("/b", "0"), event("/b", "1", position: "1"))
    client.fail("/b")
    for number in 1...200 { take(event("/a", day: Int64(number * 17), position: "\(number)")) }
    now = 3600_000_000_000
    while !shipper.isFull { take(event("/b", "2", position: "2")) }
    shipper.sendDue(now: now)
    client.accept("/b")
    now += 4_000_000_000
    shipper.sendDue(now: now)
    #expect(shipper.blockedStreams.isEmpty)
  }

  @Test func aDeniedStreamWaitsAndTheOthersGoOn() throws {
    take(position("/a", "0"), position("/b", "0"), event("/a", "1", position: "1"), event("/b", "1", position: "1"))
    client.refuse("/a", .accessDenied, "AccessDeniedException")
    client.accept("/b")
    take(event("/a", "2", position: "2"), event("/b", "2", position: "2"))
    client.accept("/b")
    #expect(client.pendingCount == 0)
    #expect(try stored("/a")?.position == Array("0".utf8))
    #expect(try stored("/b")?.position == Array("2".utf8))
    #expect(shipper.counters.refused == 0)
    #expect(shipper.needsRewind == nil)

    // Policies are mended: what was held is sent, and the rest has to come again.
    #expect(shipper.nextDue == 60_000_000_000)
    now = 60_000_000_000
    shipper.sendDue(now: now)
    #expect(client.messages("/a") == ["1"])
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("1".utf8))
    #expect(shipper.needsRewind?.stream == "/a")
    // Frozen for the rest of this run, since 2 was left out.
    take(event("/a", "3", position: "3"))
    #expect(try stored("/a")?.position == Array("1".utf8))
    #expect(client.pendingCount == 0)
  }

  @Test func aStreamThatNeverComesToBeWaitsLikeADeniedOne() throws {
    take(position("/a", "0"), event("/a", "1", position: "1"))
    for _ in 0..<100 where shipper.blockedStreams.isEmpty {
      client.refuse("/a", .refused, "ResourceNotFoundException")
      if client.pendingCount == 0 {
        now = shipper.nextDue ?? now
        shipper.sendDue(now: now)
      }
      if client.calls.first?.operation == "CreateLogStream" { client.accept("/a") }
    }
    #expect(shipper.blockedStreams.count == 1 && shipper.counters.refused == 0)
    take(event("/a", "2", position: "2"))
    #expect(try stored("/a")?.position == Array("0".utf8))
    now = shipper.nextDue ?? now
    shipper.sendDue(now: now)
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("1".utf8))
    #expect(shipper.needsRewind?.stream == "/a")
  }

  @Test func aStreamThatWasDeniedWithNothingLeftOutGoesOn() throws {
    take(position("/a", "0"), event("/a", "1", position: "1"))
    client.refuse("/a", .accessDenied, "AccessDeniedException")
    now = 60_000_000_000
    shipper.sendDue(now: now)
    client.accept("/a")
    #expect(shipper.needsRewind == nil)
    take(event("/a", "2", position: "2"))
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("2".utf8))
  }

  /// A stream is denied while a part of what one position covers is under way: after an acceptance nothing of it comes again.
  @Test(arguments: [false, true]) func ofADeniedStreamTheEventsBeforeAPositionStayTogether(days: Bool) throws {
    shipper = Shipper(client, interval: 10, clock: { [unowned self] in now })
    take(position("/a", "0"))
    if days {
      take(event("/a", day: 1), event("/a", day: 2), event("/a", day: 1, position: "3"))
    } else {
      take(event("/a", "1"), event("/a", "2"), event("/a", "3", position: "3"))
    }
    shipper.sendAll()
    take(event("/a", "4", position: "4"))
    if !days { client.refuse("/a", .tooLarge, "RequestEntityTooLarge") }
    client.refuse("/a", .accessDenied, "AccessDeniedException")
    #expect(shipper.buffered == 0)
    for _ in 0..<2 {
      now += 60_000_000_000
      shipper.sendDue(now: now)
      client.refuse("/a", .accessDenied, "AccessDeniedException")
    }
    now += 60_000_000_000
    shipper.sendDue(now: now)
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("0".utf8))
    #expect(shipper.needsRewind == nil)
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("3".utf8))
    #expect(try stored("/a")?.delivered == 3)
    #expect(shipper.needsRewind?.stream == "/a", "the fourth was left out")
    #expect(shipper.buffered == 0 && shipper.counters.refused == 0)
  }

  @Test func aStreamThatStaysDeniedIsTriedOnceAMinute() {
    take(position("/a", "0"), event("/a", "1", position: "1"))
    for minute in 1...3 as ClosedRange<Int64> {
      client.refuse("/a", .accessDenied, "AccessDeniedException")
      now += 59_000_000_000
      shipper.sendDue(now: now)
      #expect(client.pendingCount == 0)
      now = minute * 60_000_000_000
      shipper.sendDue(now: now)
      #expect(client.messages("/a") == ["1"])
    }
  }

  @Test func ofADeniedStreamWithoutPositionsTheEventsAreCounted() {
    take(event("/a", "1"))
    client.refuse("/a", .accessDenied, "AccessDeniedException")
    take(event("/a", "2"))
    #expect(shipper.counters.refused == 2)
    now = 60_000_000_000
    take(event("/a", "3"))
    #expect(client.messages("/a") == ["3"])
  }

  @Test func whatManyDeniedStreamsKeepIsBounded() {
    let message = String(repeating: "x", count: 900_000)
    for number in 0..<20 {
      take(position("/\(number)", "0"), event("/\(number)", message, position: "1"))
      client.refuse("/\(number)", .accessDenied, "AccessDeniedException")
    }
    #expect(!shipper.isFull)
    now = 60_000_000_000
    shipper.sendDue(now: now)
    // Whole batches of the first, single events of some more.
    #expect((5...10).contains(client.pendingCount))
    #expect(shipper.counters.refused == 0)
    #expect(shipper.needsRewind == nil)
    now = 660_000_000_000
    shipper.sendDue(now: now)
    #expect(shipper.needsRewind != nil)
  }

  @Test func aStreamThatFailsForLongDoesNotHoldUpTheOthers() throws {
    let message = String(repeating: "x", count: 900_000)
    take(position("/a", "0"), position("/b", "0"))
    for number in 1...5 { take(event("/a", message, position: "\(number)")) }
    #expect(shipper.isFull)
    client.fail("/a")
    now = 11_000_000_000
    shipper.sendDue(now: now)
    // As long as nobody succeeds it is an outage, and the pipe waits.
    #expect(shipper.isFull)
    take(event("/b", "1", position: "1"))
    client.accept("/b")
    now += 1_000_000_000
    shipper.sendDue(now: now)
    #expect(shipper.isFull, "it may be the next to recover")
    for _ in 0..<2 { client.fail("/a") }
    now += 1_000_000_000
    shipper.sendDue(now: now)
    #expect(!shipper.isFull)
    #expect(try stored("/a")?.position == Array("0".utf8))
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("1".utf8))
    #expect(shipper.needsRewind?.stream == "/a")
  }

  /// The first of two days is under way, and fails.
  @Test func ofAStreamThatFailsForLongTheEventsBeforeAPositionStayTogether() throws {
    take(position("/a", "0"), position("/b", "0"), event("/a", day: 1), event("/a", day: 2, position: "2"))
    let message = String(repeating: "x", count: 900_000)
    for number in 3...7 { take(event("/a", message, position: "\(number)")) }
    client.fail("/a")
    now = 11_000_000_000
    take(event("/b", "1", position: "1"))
    client.accept("/b")
    for _ in 0..<2 { client.fail("/a") }
    now += 1_000_000_000
    shipper.sendDue(now: now)
    #expect(!shipper.isFull)
    client.accept("/a")
    #expect(shipper.needsRewind == nil)
    client.accept("/a")
    #expect(try stored("/a")?.position == Array("2".utf8))
    #expect(shipper.needsRewind?.stream == "/a")
  }
}
