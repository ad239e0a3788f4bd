internal import AWS
internal import Config
import Testing
internal import TestSupport
internal import Unix
@testable internal import PutLogsCommand


@Suite final class SpooledCargoTests {
  private let folder: TemporaryFolder
  private var now: Int64 = 1_000_000_000_000
  private var caller = ScriptedCaller()

  init() throws { folder = try TemporaryFolder() }

  private struct Run {
    let shipper: Shipper
    let spool: Spool
    let cargo: SpooledCargo
  }

  private func run(wallClock: @escaping () -> Clock.Reading = Clock.reading) throws -> Run {
    caller = ScriptedCaller()
    let clock = { [unowned self] in now }
    let shipper = Shipper(caller, interval: 10, clock: clock, wallClock: wallClock)
    let spool = try Spool(
      directory: folder.file("spool"), label: [], maximumSize: Spool.smallestSize, overflow: .block, clock: clock, warn: { _ in })
    return Run(
      shipper: shipper, spool: spool,
      cargo: SpooledCargo(shipper, stream: shipper.stream(Destination(group: "g", stream: "s")), spool: spool))
  }

  private func take(_ run: Run, _ lines: String..., ending: LineReader.Ending = .lineFeed, realtime: Int64 = 1_795_341_600_000) {
    for line in lines {
      Array(line.utf8).withUnsafeBytes { run.cargo.take(.init(bytes: $0, ending: ending), now: now, realtime: realtime) }
    }
    run.cargo.haveTaken()
    run.cargo.sendDue(now: now)
  }

  @Test func aLineLeavesTheSpoolWhenItIsAccepted() throws {
    let run = try run()
    take(run, "one", "two\r", "", "three")
    #expect(run.spool.waiting == 3 && run.spool.unstored == 0)
    run.cargo.sendAll()
    #expect(caller.messages("s") == ["one", "two", "three"])
    take(run, "four")
    caller.accept("s")
    #expect(run.spool.waiting == 1)
    #expect(!run.cargo.isIdle)
    run.cargo.sendDue(now: now)
    caller.accept("s")
    #expect(run.cargo.isIdle && run.spool.waiting == 0 && run.shipper.tally.delivered == 4)
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
      first.cargo.haveTaken()
      first.spool.close()
    }
    first = nil
    let second = try run { Clock.Reading(realtime: noon + 60_000, sinceBoot: 60_000) }
    second.cargo.sendDue(now: now)
    second.cargo.sendAll()
    #expect(caller.messages("s") == ["one"])
    #expect(caller.calls.first?.timestamps == [noon + 1000])
    caller.accept("s")
    #expect(caller.messages("s") == ["old"])
    #expect(caller.calls.first?.timestamps == [noon - weeks + 2000])
  }

  @Test func whatWasNotAcceptedIsSentByTheNextRun() throws {
    var first: Run? = try run()
    if let first {
      take(first, "one", "two")
      first.cargo.sendAll()
      take(first, "three", ending: .endOfInput)
    }
    first = nil
    let second = try run()
    #expect(second.spool.waiting == 3)
    // Without any input, and before any that comes.
    #expect(second.cargo.nextDue == 0)
    take(second, "four")
    second.cargo.sendAll()
    #expect(caller.messages("s") == ["one", "two", "three", "four"])
    caller.accept("s")
    #expect(second.spool.waiting == 0)
  }

  @Test func theEventsOfALineThatWasCutStayTogether() throws {
    let run = try run()
    take(run, "begin", ending: .cut)
    take(run, "end")
    run.cargo.sendAll()
    #expect(caller.messages("s") == ["begin", "end"])
    #expect(run.shipper.tally.split == 1)
  }

  @Test func whatTheServiceDoesNotLetUsWriteStays() throws {
    let run = try run()
    take(run, "one", "two")
    run.cargo.sendAll()
    caller.refuse("s", .accessDenied, "AccessDeniedException")
    #expect(run.cargo.isHopeless)
    run.spool.close()
    #expect(run.spool.waiting == 2 && run.shipper.tally.refused == 0)
  }

  @Test func whatIsRefusedForGoodGoes() throws {
    let run = try run()
    take(run, "one")
    run.cargo.sendAll()
    caller.refuse("s", .refused, "InvalidParameterException")
    #expect(run.spool.waiting == 0 && run.shipper.tally.refused == 1)
  }

  @Test func atTheEndNobodyWaitsForAServiceThatFails() throws {
    let run = try run()
    take(run, "one")
    run.cargo.sendAll()
    #expect(run.cargo.nextDue == now + 20_000_000_000 || run.cargo.nextDue ?? 0 <= now + 1_000_000_000)
    caller.fail("s")
    now += 4_900_000_000
    #expect(!run.cargo.isHopeless)
    now += 100_000_000
    #expect(run.cargo.isHopeless)
  }

  @Test func atTheEndOneThatAcceptsIsGivenItsTime() throws {
    let run = try run()
    take(run, "one")
    run.cargo.sendAll()
    now += 19_000_000_000
    caller.accept("s")
    take(run, "two")
    now += 19_000_000_000
    #expect(!run.cargo.isHopeless)
    now += 1_000_000_000
    #expect(run.cargo.isHopeless)
  }

  @Test func memoryDoesNotGrowWithWhatWaits() throws {
    let run = try run()
    let line = String(repeating: "x", count: 1000)
    var count = 0
    while !run.cargo.isFull {
      for _ in 0..<100 { take(run, line) }
      count += 100
    }
    #expect(run.shipper.buffered < Shipper.maximumBuffered + 2 << 20)
    #expect(run.spool.waiting == count && count > 10_000)
  }

  @Test func eachLineKeepsTheTimeAtWhichItWasRead() throws {
    let calls = try RecordedCalls()
    let spool = try Spool(
      directory: folder.file("spool"), label: [], maximumSize: Spool.smallestSize, overflow: .block, warn: { _ in })
    let stream = calls.shipper.stream(Destination(group: "g", stream: "s"))
    let cargo = SpooledCargo(calls.shipper, stream: stream, spool: spool)
    for time in [1000, 2000, 3000] as [Int64] {
      Array("line".utf8).withUnsafeBytes { cargo.take(.init(bytes: $0, ending: .lineFeed), now: 0, realtime: time) }
    }
    cargo.haveTaken()
    cargo.sendDue(now: 0)
    #expect(try calls.finish().flatMap(\.timestamps) == [1000, 2000, 3000])
  }
}
