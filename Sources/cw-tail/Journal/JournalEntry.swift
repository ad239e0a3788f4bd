internal import Records
internal import Unix

/// One line of `journalctl --output=json --all`. The fields point into that line and are JSON values: a string, an array of numbers if
/// it is not printable text, an array of these if the entry has the field several times, or null.
struct JournalEntry {
  typealias Bytes = UnsafeRawBufferPointer

  /// journald's identifier of the entry.
  private(set) var cursor = Bytes(start: nil, count: 0)
  /// When journald received it, in microseconds since the epoch.
  private(set) var time: Int64 = 0
  /// The same in microseconds since the boot, which orders the entries of a boot across all files.
  private(set) var monotonicTime: Int64 = 0
  private(set) var boot: Bytes?
  private(set) var message: Bytes?
  private(set) var hostname: Bytes?
  private(set) var identifier: Bytes?
  private(set) var command: Bytes?
  private(set) var processId: Bytes?
  private(set) var claimedProcessId: Bytes?
  private(set) var sourceTime: Bytes?
  private(set) var unit: Bytes?
  private(set) var userUnit: Bytes?

  /// The fields that `journalctl` is asked for. Cursor, times and boot come with each entry.
  static let fields = [
    "MESSAGE", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM", "_PID", "SYSLOG_PID", "_SOURCE_REALTIME_TIMESTAMP", "_SYSTEMD_UNIT",
    "_SYSTEMD_USER_UNIT",
  ]

  /// Nil if the line is not an entry.
  init?(_ line: Bytes) {
    guard var object = ObjectScanner(line) else { return nil }
    var hasTime = false
    while let key = object.nextKey() {
      guard let value = object.value() else { return nil }
      if key.equals("__CURSOR") {
        cursor = Self.inside(value) ?? cursor
      } else if key.equals("__REALTIME_TIMESTAMP") {
        guard let number = Self.number(value) else { return nil }
        time = number
        hasTime = true
      } else if key.equals("__MONOTONIC_TIMESTAMP") {
        monotonicTime = Self.number(value) ?? 0
      } else {
        set(key, value)
      }
    }
    guard object.isComplete, !cursor.isEmpty, hasTime else { return nil }
  }

  private mutating func set(_ key: Bytes, _ value: Bytes) {
    switch true {
    case key.equals("MESSAGE"): message = value
    case key.equals("_BOOT_ID"): boot = Self.inside(value)
    case key.equals("_HOSTNAME"): hostname = value
    case key.equals("SYSLOG_IDENTIFIER"): identifier = value
    case key.equals("_COMM"): command = value
    case key.equals("_PID"): processId = value
    case key.equals("SYSLOG_PID"): claimedProcessId = value
    case key.equals("_SOURCE_REALTIME_TIMESTAMP"): sourceTime = value
    case key.equals("_SYSTEMD_UNIT"): unit = value
    case key.equals("_SYSTEMD_USER_UNIT"): userUnit = value
    default: break
    }
  }

  /// Appends the entry as `journalctl` prints it and the original publisher sent it: `Nov 25 12:59:06 host program[42]: message`,
  /// in local time. The message is unchanged: further lines are not indented, and unprintable data are not replaced by their size.
  /// - Returns: false, and nothing is appended, if there is no message.
  func appendText(to buffer: ByteBuffer, _ stamp: inout JournalStamp) -> Bool {
    guard let message else { return false }
    let start = buffer.count
    stamp.append(sourceTime.flatMap(Self.number) ?? time, to: buffer)
    if let hostname {
      buffer.append(byte: UInt8(ascii: " "))
      Self.append(hostname, to: buffer)
    }
    buffer.append(byte: UInt8(ascii: " "))
    if let name = identifier ?? command { Self.append(name, to: buffer) } else { buffer.append("unknown") }
    if let number = processId ?? claimedProcessId {
      buffer.append(byte: UInt8(ascii: "["))
      Self.append(number, to: buffer)
      buffer.append(byte: UInt8(ascii: "]"))
    }
    buffer.append(": ")
    let head = buffer.count
    Self.append(message, to: buffer)
    if buffer.count == head { buffer.truncate(to: start) }
    return buffer.count > head
  }

  // Several values become several lines.
  private static func append(_ value: Bytes, to buffer: ByteBuffer) {
    var scanner = ObjectScanner(value: value)
    var hasValue = false
    _ = append(&scanner, to: buffer, &hasValue, depth: 0)
  }

  private static func append(
    _ scanner: inout ObjectScanner, to buffer: ByteBuffer, _ hasValue: inout Bool, depth: Int
  ) -> Bool {
    switch scanner.nextByte {
    case UInt8(ascii: "\""):
      guard let text = scanner.string() else { return false }
      if hasValue { buffer.append(byte: 0x0A) }
      hasValue = true
      if text.scan.hasEscapes { JSONText.appendUnescaped(text.bytes, to: buffer) } else { buffer.append(text.bytes) }
      return true
    // A value that is not text, or several values.
    case UInt8(ascii: "[") where depth < 2:
      var isBinary = false
      return scanner.elements { element in
        guard let first = element.nextByte, first &- 0x30 < 10 else {
          return append(&element, to: buffer, &hasValue, depth: depth + 1)
        }
        guard let byte = element.integer() else { return false }
        if !isBinary, hasValue { buffer.append(byte: 0x0A) }
        isBinary = true
        hasValue = true
        buffer.append(byte: UInt8(truncatingIfNeeded: byte))
        return true
      }
    default: return scanner.skipValue()
    }
  }

  // The bytes between the quotes of a string, still escaped; nil if the value is not a string.
  private static func inside(_ value: Bytes) -> Bytes? {
    var scanner = ObjectScanner(value: value)
    return scanner.string()?.bytes
  }

  // journalctl writes numbers as strings.
  private static func number(_ value: Bytes) -> Int64? {
    guard let digits = inside(value) else { return nil }
    var scanner = ObjectScanner(value: digits)
    guard let number = scanner.integer(), number >= 0, scanner.nextByte == nil else { return nil }
    return number
  }
}
