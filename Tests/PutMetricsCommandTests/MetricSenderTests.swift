import Testing

@testable internal import AWS
@testable internal import Delivery
@testable internal import PutMetricsCommand
internal import Records
internal import TestSupport
internal import Unix

/// A service whose answers the test decides.
private final class ScriptedService: AWSClient {
  private(set) var calls: [(metrics: [JSONValue], completion: RetryingClient.Completion)] = []
  var pendingCount: Int { calls.count }
  /// Why there was no connection; nil: there was one.
  private(set) var isStopped = false

  func start(_ request: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion) {
    isStopped = request.willSend?() == false
    calls.append(((try? JSONValue(request.body.array))?["MetricData"]?.elements ?? [], completion))
  }

  var names: [String]? { calls.first?.metrics.compactMap { $0["MetricName"]?.string } }

  func end(_ error: AWSError.Kind? = nil, mayHaveBeenAccepted: Bool = false) {
    guard !calls.isEmpty else { return }
    let completion = calls.removeFirst().completion
    guard let error else { return completion(.success(AWSResponse(requestId: "1", body: []))) }
    var failure = AWSError(kind: error, code: "Said", detail: "by the test", host: "here", operation: "PutMetricData")
    failure.mayHaveBeenAccepted = mayHaveBeenAccepted
    completion(.failure(failure))
  }
}

@Suite final class MetricSenderTests {
  private let folder: TemporaryFolder
  private let service = ScriptedService()
  private var now: Int64 = 1_000_000_000_000
  private var time: Int64 = 1_795_341_600_000

  init() throws { folder = try TemporaryFolder() }

  private func sender(_ adjust: (inout MetricSender.Options) -> Void = { _ in }) throws -> MetricSender {
    var options = MetricSender.Options()
    (options.interval, options.waitsAtFirst, options.sendsFullCalls, options.isDurable) = (60, false, false, true)
    adjust(&options)
    var spool = Spool.Options()
    (spool.sendsOnce, spool.overflow, spool.memoryLimit, spool.items) = (true, .dropOldest, 8 << 20, MetricBlock.count)
    let queue: any RecordQueue =
      options.isDurable
      ? try Spool(directory: folder.file("spool"), label: [], spool, clock: { [unowned self] in now }, warn: { _ in })
      : MemoryQueue(spool, warn: { _ in })
    return MetricSender(
      service, queue, options, clock: { [unowned self] in now }, serviceTime: { [unowned self] in time })
  }

  /// A sample of metrics that is read at once.
  private func take(_ sender: MetricSender, _ names: String..., timestamp: Int64? = nil) {
    for name in names {
      let line = Array(#"{"name":"\#(name)","value":1,"timestamp":\#(timestamp ?? time)}"#.utf8)
      line.withUnsafeBytes { sender.take(.init(bytes: $0, terminator: .lineFeed), now: now, realtime: time) }
    }
    sender.didRead()
  }

  private func pass(_ sender: MetricSender, seconds: Double) {
    now += Int64(seconds * 1e9)
    time += Int64(seconds * 1000)
    sender.sendDue(now: now)
  }

  @Test func callsAreAsFarApartAsTheIntervalSays() throws {
    let sender = try sender()
    take(sender, "a")
    pass(sender, seconds: 0.5)
    take(sender, "b")
    #expect(service.names == nil)
    pass(sender, seconds: 0.5)
    #expect(service.names == ["a", "b"], "what is read together is sent together, and the first without waiting")
    take(sender, "c")
    service.end()
    pass(sender, seconds: 58)
    take(sender, "d")
    pass(sender, seconds: 0.5)
    #expect(service.names == nil)
    pass(sender, seconds: 1.5)
    #expect(service.names == ["c", "d"])
    service.end()
    #expect(sender.isIdle && sender.progress.delivered == 4 && sender.progress.requests == 2)
  }

  @Test(arguments: [true, false])
  func whatSurelyDidNotArriveIsSentAgainWithWhatCameMeanwhile(isDurable: Bool) throws {
    let sender = try sender { $0.isDurable = isDurable }
    take(sender, "a")
    pass(sender, seconds: 1)
    service.end(.transient)
    take(sender, "b")
    pass(sender, seconds: 1)
    #expect(service.names == ["a", "b"])
    service.end()
    #expect(sender.isIdle && sender.progress.uncertain == 0)
  }

  @Test func whatMayHaveArrivedIsNotSentAgain() throws {
    let sender = try sender()
    take(sender, "a", "b")
    pass(sender, seconds: 1)
    take(sender, "c")
    take(sender, "d")
    service.end(.network(.timeout), mayHaveBeenAccepted: true)
    #expect(sender.progress.uncertain == 2)
    pass(sender, seconds: 1)
    #expect(service.names == ["c"], "as little as possible is risked")
    service.end()
    pass(sender, seconds: 0)
    #expect(service.names == ["d"])
    service.end()
    #expect(sender.isIdle && sender.status.uncertain == 2 && sender.status.delivered == 2)
  }

  /// A killed run must not be followed by one that sends again what had left.
  @Test(arguments: [true, false])
  func aKilledRunIsFollowedByOneThatLeavesOutWhatWasUnderWay(isAnswered: Bool) throws {
    var killed: MetricSender? = try sender()
    if let killed {
      take(killed, "a", "b")
      pass(killed, seconds: 1)
      take(killed, "c")
      if isAnswered { service.end(.throttled) } else { service.forget() }
    }
    killed = nil
    let next = try sender()
    #expect((next.queue as? Spool)?.uncertain == (isAnswered ? 0 : 2))
    pass(next, seconds: 1)
    #expect(service.names == (isAnswered ? ["a", "b", "c"] : ["c"]))
  }

  /// Halves of halves; of a part that was settled nothing is sent again when the service goes away in the middle.
  @Test func oneBadMetricIsNamedAndTheRestDelivered() throws {
    let sender = try sender()
    take(sender, "a", "b", "bad", "d")
    pass(sender, seconds: 1)
    var delivered: [String] = []
    var outages = 0
    for _ in 0..<40 {
      guard let names = service.names else {
        pass(sender, seconds: 61)
        continue
      }
      if names.contains("bad") {
        service.end(.refused)
      } else if outages < 2 {
        outages += 1
        service.end(.transient)
      } else {
        delivered += names
        service.end()
      }
    }
    #expect(delivered.sorted() == ["a", "b", "d"])
    #expect(sender.isIdle && sender.progress.refused == 1 && sender.progress.delivered == 3)
    #expect(sender.status.refusal.hasPrefix("System/Default bad: PutMetricData failed"))
  }

  @Test func whatWaitsForTwoWeeksIsDropped() throws {
    let sender = try sender()
    take(sender, "old")
    pass(sender, seconds: 1)
    service.end(.transient)
    time += 14 * 24 * 3_600_000
    take(sender, "new")
    pass(sender, seconds: 60)
    #expect(service.names == ["new"])
    service.end()
    pass(sender, seconds: 0)
    #expect(sender.isIdle && sender.status.dropped == 1)
  }

  /// What cannot be noted is not sent: the next run could not know.
  @Test func withoutAMarkNothingIsSent() throws {
    let sender = try sender()
    take(sender, "a")
    // Where the note would go nothing can be written.
    let unwritable = Unix.open("/dev/null", O_RDONLY | O_CLOEXEC)
    let hint = try #require((sender.queue as? Spool)?.hint)
    dup2(unwritable, hint)
    close(unwritable)
    pass(sender, seconds: 1)
    #expect(service.isStopped)
    service.end(.network(.broken))
    #expect(sender.hasFailed && sender.progress.delivered == 0)
  }

  @Test func statusIsReadAsItWasWritten() throws {
    var status = DeliveryStatus()
    (status.delivered, status.waitingOnDisk, status.oldest, status.lastAccepted) = (12, 3, 1_795_341_600_000, 1_795_341_700_000)
    status.failed("no \"way\"\n", at: 1_795_341_700_500)
    let file = StatusFile(folder.file("status"))
    #expect(file.read() == nil)
    file.write(status, now: 0)
    #expect(file.read() == status)
    // A longer one before leaves nothing behind.
    status.error = ""
    file.write(status, now: .max)
    #expect(file.read() == status)
    #expect(status.lag(now: 1_795_341_660_000) == 60_000)
    for damaged in ["", "{", "{\"delivered\":-1}", "{\"delivered\":99999999999999999999}", "[]"] {
      #expect(Array(damaged.utf8).withUnsafeBytes { DeliveryStatus(json: $0) } == nil)
    }
  }
}

extension ScriptedService {
  /// The answer never comes.
  func forget() { _ = calls.popLast() }
}
