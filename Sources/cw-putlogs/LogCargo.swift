internal import Delivery
internal import Unix

/// Lines as the feed understands them, sent as the shipper does.
final class LogCargo: Cargo {
  private let shipper: Shipper
  private let feed: any Feed
  private let store: PositionStore?

  init(_ shipper: Shipper, _ feed: any Feed, store: PositionStore?) {
    self.shipper = shipper
    self.feed = feed
    self.store = store
  }

  var maximumLineLength: Int { feed.maximumLineLength }
  var isFull: Bool { shipper.isFull }
  var isIdle: Bool { shipper.isIdle }
  var isHopeless: Bool { shipper.failure != nil || feed.hasOneStream && shipper.refusalOfAll != nil || store?.failure != nil }
  var wantsNoMore: Bool { shipper.needsRewind != nil }
  var nextDue: Int64? { [shipper.nextDue, store?.nextDue].compactMap { $0 }.min() }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) { feed.take(line, now: now, realtime: realtime) }
  func sendDue(now: Int64) {
    shipper.sendDue(now: now)
    store?.turn(now: now)
  }
  func sendAll() { shipper.sendAll() }
}
