internal import AWS
internal import Config
internal import Delivery
internal import Unix

/// What is said at the end, and the exit status.
struct ExitReport {
  let shipper: Shipper
  /// Nil if an input that ends is whole.
  let logInput: (any LogInput)?
  /// Closed; nil if there is none.
  let spool: Spool?
  /// The input had not ended when we were told to stop.
  let wasCutShort: Bool
  let isVerbose: Bool

  /// - Throws: the worst of what has happened; nothing if every event was delivered.
  func report() throws {
    let counters = shipper.counters
    if isVerbose {
      Messages.info("delivered \(counters.delivered) events in \(counters.requests) requests, refused \(counters.refused)")
    }
    if counters.split > 0 {
      Messages.warning("\(counters.split) events were too long for CloudWatch, which takes 1 MiB, and were cut into several")
    }
    if let failure = shipper.failure { throw CommandError(failure.status, failure.message + undelivered) }
    if let refusal = shipper.refusalOfAll {
      throw CommandError(refusal.status, "nothing can be delivered: \(refusal.message)\(spool == nil ? "" : undelivered)")
    }
    if let spool { try reportSpool(spool) }
    if let stream = shipper.needsRewind {
      throw CommandError(
        .tryAgain, "\(stream.group) \(stream.stream) takes events again; another run sends what was left out meanwhile")
    }
    if shipper.undelivered > 0, shipper.anyRefusal == nil { throw CommandError(.tryAgain, "time is over" + undelivered) }
    if wasCutShort { throw CommandError(.tryAgain, "told to stop before the input ended; all that was read is delivered") }
    if let problem = logInput?.problemAtEnd() { throw problem }
    if let refusal = shipper.anyRefusal {
      throw CommandError(refusal.status, "\(counters.refused) events were refused\(undelivered): \(refusal.message)")
    }
    if counters.hasRefusals {
      throw CommandError(.dataRefused, "\(counters.refused) events were refused, \(counters.invalid) lines were no records")
    }
  }

  private func reportSpool(_ spool: Spool) throws {
    if spool.waiting > 0 {
      throw CommandError(spool.unstored > 0 ? .cannotWrite : .tryAgain, String(undelivered.dropFirst(2)))
    }
    if spool.dropped > 0 { throw CommandError(.dataRefused, "\(spool.dropped) events were dropped, since the spool was full") }
  }

  // Begins with "; " if there is something to say.
  private var undelivered: String {
    guard let spool else { return shipper.undelivered == 0 ? "" : "; \(shipper.undelivered) events are not delivered" }
    let stored = spool.waiting - spool.unstored
    return (stored == 0 ? "" : "; \(stored) events wait in \(spool.directory); the next run sends them")
      + (spool.unstored == 0 ? "" : "; \(spool.unstored) events could not be stored and are lost")
      + (spool.dropped == 0 ? "" : "; \(spool.dropped) were dropped, since the spool was full")
  }
}
