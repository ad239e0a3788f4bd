internal import Config
internal import Unix

/// Converts the local time of a zone to seconds since the epoch.
final class ZoneClock {
  private let zone: TimestampFormat.Zone
  /// The last answer of libc, which checks a file for each: no zone changes its offset within a quarter of an hour.
  private var quarter = Int64.min
  private var offset: Int64 = 0
  /// The names and offsets that are possible in this quarter: two if clocks show it twice.
  private var others: [(name: [UInt8], offset: Int64)] = []

  private static let secondsOfQuarter: Int64 = 900

  init(_ zone: TimestampFormat.Zone) { self.zone = zone }

  /// Seconds since the epoch; nil if libc does not know. A time that clocks skip in spring is an hour off; one that they show twice in autumn
  /// is either of the two, unless the name of the zone decides.
  /// - Parameters:
  ///   - asIfUTC: the local time, as seconds since the epoch if it were UTC.
  ///   - zone: an abbreviation, such as CEST, that may be one of this machine's zone.
  func seconds(_ asIfUTC: Int64, zone name: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) -> Int64? {
    guard zone == .local else { return asIfUTC }
    let quarter = asIfUTC.flooredQuotient(by: Self.secondsOfQuarter)
    if quarter != self.quarter {
      let start = quarter * Self.secondsOfQuarter
      guard let offset = Self.offset(start) else { return nil }
      self.quarter = quarter
      self.offset = offset
      others = Self.changes(around: start - offset).filter { Self.zone(at: start - $0.offset)?.offset == $0.offset }
    }
    if !others.isEmpty, let named = others.first(where: { name.elementsEqual($0.name) }) { return asIfUTC - named.offset }
    return asIfUTC - offset
  }

  private static func offset(_ asIfUTC: Int64) -> Int64? {
    var seconds = time_t(asIfUTC)
    var fields = tm()
    guard gmtime_r(&seconds, &fields) != nil else { return nil }
    fields.tm_isdst = -1
    // -1 is also a valid result of mktime(3), but then the day of the week is set.
    fields.tm_wday = -1
    let result = mktime(&fields)
    return fields.tm_wday == -1 ? nil : asIfUTC - Int64(result)
  }

  // The names and offsets before and after a moment, if they differ.
  private static func changes(around moment: Int64) -> [(name: [UInt8], offset: Int64)] {
    let zones = [moment - 7200, moment + 7200].compactMap { zone(at: $0) }
    return zones.first?.offset == zones.last?.offset ? [] : zones
  }

  private static func zone(at moment: Int64) -> (name: [UInt8], offset: Int64)? {
    var seconds = time_t(moment)
    var fields = tm()
    guard localtime_r(&seconds, &fields) != nil, let name = fields.tm_zone else { return nil }
    return (Array(String(cString: name).utf8), Int64(fields.tm_gmtoff))
  }
}
