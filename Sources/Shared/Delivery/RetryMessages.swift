package import AWS
internal import Tool
internal import Unix

/// Tells a person that calls fail and are repeated: the first time, and then once a minute, however many there are.
package final class RetryMessages {
  private var lastSubject = ""
  private var lastTime = Int64.min / 2

  package init() {}

  package func report(_ error: CallError, attempt: Int, pauseMilliseconds: Int64) {
    let now = Clock.monotonicNanoseconds()
    // Not the whole text: libcurl's has milliseconds in it.
    let subject = "\(error.kind) \(error.place)"
    guard subject != lastSubject || now - lastTime >= 60_000_000_000 else { return }
    lastSubject = subject
    lastTime = now
    Messages.warning("\(error.message); trying again")
  }
}
