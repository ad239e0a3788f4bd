internal import AWS
internal import Config
internal import TestSupport
internal import Unix

@testable internal import PutLogsCommand

/// What stands on the standard input of `cw-putlogs --records`: lines of records, and others. All of it that can be sent is sent once.
func fuzzRecordFeed(_ input: Bytes) {
  let service = Service()
  let shipper = Shipper(service, interval: 0, clock: { 0 }, wallClock: { Clock.Reading(realtime: 1_795_341_600_000, sinceBoot: 360_123) })
  shipper.warn = { _ in }
  let logInput = RecordLogInput(shipper) { Destination(group: "/g", stream: $0) }
  for line in input.split(separator: 0x0A) {
    logInput.take(LineReader.Line(bytes: Bytes(rebasing: line), terminator: .lineFeed), now: 0, realtime: 1_795_341_600_000)
  }
  logInput.take(LineReader.Line(bytes: input.part(0..<0), terminator: .endOfInput), now: 0, realtime: 1_795_341_600_000)
  _ = logInput.problemAtEnd()
  withExtendedLifetime(logInput) {
    shipper.sendAll()
    service.answer()
  }
  hold(shipper.isIdle && shipper.undelivered == 0 && shipper.buffered == 0, "nothing is left")
  hold(service.events == shipper.counters.delivered && shipper.counters.refused == 0, "what is delivered was sent once")
}

/// A service that takes everything.
private final class Service: AWSClient {
  private(set) var events = 0
  private var waiting: [(AWSRequest, RetryingClient.Completion)] = []
  var pendingCount: Int { waiting.count }

  // Ten minutes ahead of this machine.
  func serviceOffset(at now: Clock.Reading) -> Int64? { 600_000 }

  func start(_ call: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion) {
    waiting.append((call, completion))
  }

  func answer() {
    while !waiting.isEmpty {
      let (call, completion) = waiting.removeFirst()
      guard let request = try? JSONValue(call.body.bytes) else { stop("a request is JSON: \(call.body.text)") }
      let messages = (request["logEvents"]?.elements ?? []).map { $0["message"]?.string ?? "" }
      hold(call.operation != "PutLogEvents" || !messages.isEmpty && !messages.contains(""), "an event has a message: \(call.body.text)")
      events += messages.count
      completion(.success(AWSResponse(requestId: "1", body: [])))
    }
  }
}
