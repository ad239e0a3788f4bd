internal import AWS
internal import Config
internal import Unix

/// What is said at the end, and the exit status.
struct Conclusion {
  private let shipper: Shipper
  private let feed: (any Feed)?
  private let spool: Spool?
  private let wasCutShort: Bool
  private let isVerbose: Bool

  /// - Parameters:
  ///   - feed: nil: its input can not be less than whole.
  ///   - spool: closed, if there is one.
  ///   - wasCutShort: the input had not ended when we were told to stop.
  init(_ shipper: Shipper, _ feed: (any Feed)?, spool: Spool? = nil, wasCutShort: Bool, isVerbose: Bool) {
    self.shipper = shipper
    self.feed = feed
    self.spool = spool
    self.wasCutShort = wasCutShort
    self.isVerbose = isVerbose
  }

  /// - Throws: the worst of what has happened; nothing if every event was delivered.
  func report() throws {
    let tally = shipper.tally
    if isVerbose {
      Messages.info("delivered \(tally.delivered) events in \(tally.requests) requests, refused \(tally.refused)")
    }
    if tally.split > 0 {
      Messages.warning("\(tally.split) events were too long for CloudWatch, which takes 1 MiB, and were cut into several")
    }
    if let failure = shipper.failure { throw ToolError(failure.status, failure.message + undelivered) }
    if let refusal = shipper.refusalOfAll {
      throw ToolError(refusal.status, "nothing can be delivered: \(refusal.message)\(spool == nil ? "" : undelivered)")
    }
    if let spool { try reportSpool(spool) }
    if let stream = shipper.needsRewind {
      throw ToolError(
        .tryAgain, "\(stream.group) \(stream.stream) takes events again; another run sends what was left out meanwhile")
    }
    if shipper.undelivered > 0, shipper.anyRefusal == nil { throw ToolError(.tryAgain, "time is over" + undelivered) }
    if wasCutShort { throw ToolError(.tryAgain, "told to stop before the input ended; all that was read is delivered") }
    if let problem = feed?.problemAtEnd() { throw problem }
    if let refusal = shipper.anyRefusal {
      throw ToolError(refusal.status, "\(tally.refused) events were refused\(undelivered): \(refusal.message)")
    }
    if tally.hasRefusals {
      throw ToolError(.dataRefused, "\(tally.refused) events were refused, \(tally.invalid) lines were no records")
    }
  }

  private func reportSpool(_ spool: Spool) throws {
    if spool.waiting > 0 {
      throw ToolError(spool.unstored > 0 ? .cannotWrite : .tryAgain, String(undelivered.dropFirst(2)))
    }
    if spool.dropped > 0 { throw ToolError(.dataRefused, "\(spool.dropped) events were dropped, since the spool was full") }
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
