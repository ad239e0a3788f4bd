internal import Unix

/// Formats the time before the text of an entry, `Nov 25 12:59:06`, in local time. The last text is cached, since seconds have many entries.
struct JournalStamp {
  private var second = Int64.min
  private var bytes: [UInt8] = []

  /// - Parameter time: microseconds since the epoch.
  mutating func append(_ time: Int64, to buffer: ByteBuffer) {
    if time / 1_000_000 != second {
      second = time / 1_000_000
      bytes = Array(DateTime(milliseconds: time / 1000, isLocal: true).syslog.utf8)
    }
    buffer.append(bytes)
  }
}
