internal import Delivery
internal import Unix

/// What the event loop sends by: lines go into the log input, and from there to the shipper.
final class LogSender: Sender {
  private let shipper: Shipper
  private let logInput: any LogInput
  private let store: PositionStore?

  init(_ shipper: Shipper, _ logInput: any LogInput, store: PositionStore?) {
    self.shipper = shipper
    self.logInput = logInput
    self.store = store
    // What was accepted must not come again together with what goes out next.
    shipper.onSend = { store?.turn(now: Clock.monotonicNanoseconds()) }
  }

  var maximumLineLength: Int { logInput.maximumLineLength }
  var isFull: Bool { shipper.isFull }
  var isIdle: Bool { shipper.isIdle }
  var hasFailed: Bool { shipper.failure != nil || logInput.hasOneStream && shipper.refusalOfAll != nil || store?.failure != nil }
  var isDraining: Bool { shipper.needsRewind != nil }
  var nextDue: Int64? { [shipper.nextDue, store?.nextDue].compactMap { $0 }.min() }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) { logInput.take(line, now: now, realtime: realtime) }
  func sendDue(now: Int64) {
    shipper.sendDue(now: now)
    store?.turn(now: now)
  }
  func sendAll() { shipper.sendAll() }
}
