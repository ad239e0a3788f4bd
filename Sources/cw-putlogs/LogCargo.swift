internal import Delivery
internal import Unix

/// Lines as the feed understands them, sent as the shipper does.
final class LogCargo: Cargo {
  private let shipper: Shipper
  private let feed: any Feed

  init(_ shipper: Shipper, _ feed: any Feed) {
    self.shipper = shipper
    self.feed = feed
  }

  var maximumLineLength: Int { feed.maximumLineLength }
  var isFull: Bool { shipper.isFull }
  var isIdle: Bool { shipper.isIdle }
  var isHopeless: Bool { shipper.failure != nil || feed.hasOneStream && shipper.refusalOfAll != nil }
  var nextDue: Int64? { shipper.nextDue }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) { feed.take(line, now: now, realtime: realtime) }
  func sendDue(now: Int64) { shipper.sendDue(now: now) }
  func sendAll() { shipper.sendAll() }
}
