internal import Unix

/// The time before a line of the journal, `Nov 25 12:59:06`, in local time. Many entries come in one second, so the last is kept.
struct JournalStamp {
  private var second = Int64.min
  private var bytes: [UInt8] = []

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// - Parameter time: microseconds since the epoch.
  mutating func append(_ time: Int64, to buffer: ByteBuffer) {
    if time / 1_000_000 != second {
      second = time / 1_000_000
      var seconds = time_t(second)
      var local = tm()
      localtime_r(&seconds, &local)
      let month = Self.months[min(max(Int(local.tm_mon), 0), 11)]
      bytes = Array("\(month) \(Self.two(local.tm_mday)) \(Self.clock(local))".utf8)
    }
    buffer.append(bytes)
  }

  /// `2026-11-25 12:59:06 UTC`, for messages.
  static func universal(_ time: Int64) -> String {
    var seconds = time_t(time / 1_000_000)
    var universal = tm()
    gmtime_r(&seconds, &universal)
    let day = "\(Int(universal.tm_year) + 1900)-\(two(universal.tm_mon + 1))-\(two(universal.tm_mday))"
    return "\(day) \(clock(universal)) UTC"
  }

  private static func clock(_ time: tm) -> String { "\(two(time.tm_hour)):\(two(time.tm_min)):\(two(time.tm_sec))" }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
