internal import AWS
internal import Config
internal import Delivery
import Testing
internal import TestSupport
internal import Unix
@testable internal import PutLogsCommand

@Suite final class SpoolingLogSenderTests {
  private let folder: TemporaryFolder
  private var now: Int64 = 1_000_000_000_000
  private var client = ScriptedClient()

  init() throws { folder = try TemporaryFolder() }

  private struct Run {
    let shipper: Shipper
    let spool: Spool
    let sender: SpoolingLogSender
  }

  private func run(wallClock: @escaping () -> Clock.Reading = Clock.reading) throws -> Run {
    client = ScriptedClient()
    let clock = { [unowned self] in now }
    let shipper = Shipper(client, interval: 10, clock: clock, wallClock: wallClock)
    let spool = try Spool(
      directory: folder.file("spool"), label: [], .init(), clock: clock, warn: { _ in })
    return Run(
      shipper: shipper, spool: spool,
      sender: SpoolingLogSender(shipper, stream: shipper.stream(Destination(group: "g", stream: "s")), spool: spool))
  }

  private func take(_ run: Run, _ lines: String..., terminator: LineReader.Terminator = .lineFeed, realtime: Int64 = 1_795_341_600_000) {
    for line in lines {
      Array(line.utf8).withUnsafeBytes { run.sender.take(.init(bytes: $0, terminator: terminator), now: now, realtime: realtime) }
    }
    run.sender.didRead()
    run.sender.sendDue(now: now)
  }

  @Test func aLineLeavesTheSpoolWhenItIsAccepted() throws {
    let run = try run()
    take(run, "one", "two\r", "", "three")
    #expect(run.spool.waiting == 3 && run.spool.unstored == 0)
    run.sender.sendAll()
    #expect(client.messages("s") == ["one", "two", "three"])
    take(run, "four")
    client.accept("s")
    #expect(run.spool.waiting == 1)
    #expect(!run.sender.isIdle)
    run.sender.sendDue(now: now)
    client.accept("s")
    #expect(run.sender.isIdle && run.spool.waiting == 0 && run.shipper.counters.delivered == 4)
  }

  /// Else a kill in between repeats two requests.
  @Test func whatIsAcceptedIsWrittenDownBeforeTheNextRequestGoesOut() throws {
    let run = try run()
    take(run, "one")
    run.sender.sendAll()
    take(run, "two")
    run.shipper.sendAll()
    let file = folder.file("spool/acknowledged")
    let before = try? TextFile.read(file)
    var atNext: [[UInt8]?] = []
    client.onStart = { atNext.append(try? TextFile.read(file)) }
    client.accept("s")
    #expect(atNext.count == 1 && atNext.first != before)
    #expect(client.messages("s") == ["two"])
  }

  /// The clock is set between two runs of one boot, which began at noon. A record of an earlier version does not tell its boot.
  @Test func whatAWrongClockHasStampedIsMendedByTheNextRun() throws {
    let noon: Int64 = 1_795_341_600_000
    let weeks: Int64 = 20 * 86_400_000
    var first: Run? = try run { Clock.Reading(realtime: noon - weeks + 1000, sinceBoot: 1000) }
    if let first {
      take(first, "one", realtime: noon - weeks + 1000)
      first.spool.append { buffer in
        buffer.reserve(9).storeBytes(of: (noon - weeks + 2000).littleEndian, as: Int64.self)
        buffer.advance(8)
        buffer.append(byte: 0)
        buffer.append("old")
      }
      first.sender.didRead()
      first.spool.close()
    }
    first = nil
    let second = try run { Clock.Reading(realtime: noon + 60_000, sinceBoot: 60_000) }
    second.sender.sendDue(now: now)
    second.sender.sendAll()
    #expect(client.messages("s") == ["one"])
    #expect(client.calls.first?.timestamps == [noon + 1000])
    client.accept("s")
    #expect(client.messages("s") == ["old"])
    #expect(client.calls.first?.timestamps == [noon - weeks + 2000])
  }

  @Test func whatWasNotAcceptedIsSentByTheNextRun() throws {
    var first: Run? = try run()
    if let first {
      take(first, "one", "two")
      first.sender.sendAll()
      take(first, "three", terminator: .endOfInput)
    }
    first = nil
    let second = try run()
    #expect(second.spool.waiting == 3)
    // Without any input, and before any that comes.
    #expect(second.sender.nextDue == 0)
    take(second, "four")
    second.sender.sendAll()
    #expect(client.messages("s") == ["one", "two", "three", "four"])
    client.accept("s")
    #expect(second.spool.waiting == 0)
  }

  @Test func theEventsOfALineThatWasCutStayTogether() throws {
    let run = try run()
    take(run, "begin", terminator: .cut)
    take(run, "end")
    run.sender.sendAll()
    #expect(client.messages("s") == ["begin", "end"])
    #expect(run.shipper.counters.split == 1)
  }

  @Test func whatTheServiceDoesNotLetUsWriteStays() throws {
    let run = try run()
    take(run, "one", "two")
    run.sender.sendAll()
    client.refuse("s", .accessDenied, "AccessDeniedException")
    #expect(run.sender.hasFailed)
    run.spool.close()
    #expect(run.spool.waiting == 2 && run.shipper.counters.refused == 0)
  }

  @Test func whatIsRefusedForGoodGoes() throws {
    let run = try run()
    take(run, "one")
    run.sender.sendAll()
    client.refuse("s", .refused, "InvalidParameterException")
    #expect(run.spool.waiting == 0 && run.shipper.counters.refused == 1)
  }

  @Test func atTheEndNobodyWaitsForAServiceThatFails() throws {
    let run = try run()
    take(run, "one")
    run.sender.sendAll()
    #expect(run.sender.nextDue == now + 20_000_000_000 || run.sender.nextDue ?? 0 <= now + 1_000_000_000)
    client.fail("s")
    now += 4_900_000_000
    #expect(!run.sender.hasFailed)
    now += 100_000_000
    #expect(run.sender.hasFailed)
  }

  @Test func atTheEndOneThatAcceptsIsGivenItsTime() throws {
    let run = try run()
    take(run, "one")
    run.sender.sendAll()
    now += 19_000_000_000
    client.accept("s")
    take(run, "two")
    now += 19_000_000_000
    #expect(!run.sender.hasFailed)
    now += 1_000_000_000
    #expect(run.sender.hasFailed)
  }

  @Test func memoryDoesNotGrowWithWhatWaits() throws {
    let run = try run()
    let line = String(repeating: "x", count: 1000)
    var count = 0
    while !run.sender.isFull {
      for _ in 0..<100 { take(run, line) }
      count += 100
    }
    #expect(run.shipper.buffered < Shipper.maximumBuffered + 2 << 20)
    #expect(run.spool.waiting == count && count > 10_000)
  }

  @Test func eachLineKeepsTheTimeAtWhichItWasRead() throws {
    let calls = try RecordedCalls()
    let spool = try Spool(
      directory: folder.file("spool"), label: [], .init(), warn: { _ in })
    let stream = calls.shipper.stream(Destination(group: "g", stream: "s"))
    let sender = SpoolingLogSender(calls.shipper, stream: stream, spool: spool)
    for time in [1000, 2000, 3000] as [Int64] {
      Array("line".utf8).withUnsafeBytes { sender.take(.init(bytes: $0, terminator: .lineFeed), now: 0, realtime: time) }
    }
    sender.didRead()
    sender.sendDue(now: 0)
    #expect(try calls.finish().flatMap(\.timestamps) == [1000, 2000, 3000])
  }
}
