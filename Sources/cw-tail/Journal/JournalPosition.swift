/// How far the journal is read. Its token in records is `1:` (the version), the time of the last entry in hexadecimal, and its cursor.
/// The time is the fallback for a cursor that is unknown. Without a cursor nothing was read yet.
struct JournalPosition: Equatable {
  /// journald's identifier of the last entry; empty if there is none.
  var cursor: String
  /// Microseconds since the epoch.
  var time: Int64
}

extension JournalPosition {
  var token: String { "1:\(String(time, radix: 16)):\(cursor)" }

  /// The `_BOOT_ID` of the entry; nil if the cursor does not contain it.
  var boot: String? {
    let part = cursor.split(separator: ";").first { $0.hasPrefix("b=") }?.dropFirst(2)
    let isHex = part?.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) } == true
    return isHex && part?.utf8.count == 32 ? part.map(String.init) : nil
  }

  /// Nil if the token is damaged or of another version.
  init?(token: String) {
    let parts = token.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "1", let time = Int64(parts[1], radix: 16), time >= 0 else { return nil }
    // The cursor becomes an argument of a program, which a NUL would cut off.
    guard !parts[2].utf8.contains(0) else { return nil }
    self.init(cursor: String(parts[2]), time: time)
  }
}
