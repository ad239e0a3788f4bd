package import AWS
internal import Tool
internal import Unix

/// Tells a person that calls fail and are repeated: the first time, and then once a minute, however many there are.
package final class RetryMessages {
  private var lastText = ""
  private var lastTime = Int64.min / 2

  package init() {}

  package func report(_ error: CallError, attempt: Int, pauseMilliseconds: Int64) {
    let now = Clock.monotonicNanoseconds()
    guard error.message != lastText || now - lastTime >= 60_000_000_000 else { return }
    lastText = error.message
    lastTime = now
    Messages.warning("\(error.message); trying again")
  }
}
