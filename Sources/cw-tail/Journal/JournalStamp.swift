internal import Unix

/// The time before a line of the journal, `Nov 25 12:59:06`, in local time. Many entries come in one second, so the last is kept.
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
