/// A pattern of Python's `re`, for which existing configurations were written, in PCRE2's words.
///
/// Only what means something else in the two, or nothing in PCRE2, is changed:
/// `\Z` (Python: the very end) to `\z`, `\v` (one character) to `\x0b`, `\uXXXX` and `\UXXXXXXXX` to `\x{...}`, `{,n}` to `{0,n}`,
/// and the letters `a` and `u` of a leading `(?aiu)`, which are options to PCRE2.
struct PythonSyntax {
  private(set) var bytes: [UInt8] = []
  /// For every byte of `bytes`, how many bytes of the original stand before what it was made from.
  private(set) var origins: [Int] = []
  /// `(?a)`: `\w`, `\d`, `\s` and `\b` know ASCII only.
  private(set) var isASCII = false

  private let original: [UInt8]
  private var offset = 0

  init(_ pattern: String) {
    original = Array(pattern.utf8)
    translateLeadingFlags()
    var isInClass = false
    while offset < original.count {
      switch original[offset] {
      case UInt8(ascii: "\\"): translateEscape(isInClass: isInClass)
      case UInt8(ascii: "["):
        if isInClass { copyPOSIXClass() } else { copyClassOpening() }
        isInClass = true
      case UInt8(ascii: "]"):
        copy(1)
        isInClass = false
      case UInt8(ascii: "{") where !isInClass && isOpenBound:
        emit("{0", consuming: 1)
      default: copy(1)
      }
    }
  }

  /// The offset in the original for an offset in `bytes`.
  func originalOffset(_ offset: Int) -> Int { offset < origins.count ? origins[max(offset, 0)] : original.count }

  private mutating func translateLeadingFlags() {
    guard original.starts(with: "(?".utf8), let end = original.firstIndex(of: UInt8(ascii: ")")) else { return }
    let flags = original[2..<end]
    guard !flags.isEmpty, flags.allSatisfy({ "aimsux".utf8.contains($0) }) else { return }
    isASCII = flags.contains(UInt8(ascii: "a"))
    let others = flags.filter { $0 != UInt8(ascii: "a") && $0 != UInt8(ascii: "u") }
    if !others.isEmpty { emit("(?" + String(decoding: others, as: UTF8.self) + ")", consuming: 0) }
    offset = end + 1
  }

  private mutating func translateEscape(isInClass: Bool) {
    guard offset + 1 < original.count else { return copy(1) }
    switch original[offset + 1] {
    case UInt8(ascii: "Z") where !isInClass: emit("\\z", consuming: 2)
    case UInt8(ascii: "v"): emit("\\x0b", consuming: 2)
    case UInt8(ascii: "u"): translateCodePoint(digits: 4)
    case UInt8(ascii: "U"): translateCodePoint(digits: 8)
    default: copy(2)
    }
  }

  private mutating func translateCodePoint(digits: Int) {
    let hex = original.dropFirst(offset + 2).prefix(digits)
    guard hex.count == digits, hex.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return copy(2) }
    emit("\\x{" + String(decoding: hex, as: UTF8.self) + "}", consuming: 2 + digits)
  }

  /// `{,n}` or `{,}`.
  private var isOpenBound: Bool {
    let rest = original.dropFirst(offset + 1)
    guard rest.first == UInt8(ascii: ",") else { return false }
    return rest.dropFirst().first { !(0x30...0x39).contains($0) } == UInt8(ascii: "}")
  }

  /// `[`, `[^`, `[]` or `[^]`: a bracket that comes first is a member.
  private mutating func copyClassOpening() {
    copy(1)
    if offset < original.count, original[offset] == UInt8(ascii: "^") { copy(1) }
    if offset < original.count, original[offset] == UInt8(ascii: "]") { copy(1) }
  }

  /// `[:alpha:]` inside a class, or a bracket that is a member.
  private mutating func copyPOSIXClass() {
    let length = POSIXClass.length(original, at: offset)
    copy(max(length, 1))
  }

  private mutating func copy(_ count: Int) {
    for _ in 0..<min(count, original.count - offset) {
      bytes.append(original[offset])
      origins.append(offset)
      offset += 1
    }
  }

  private mutating func emit(_ text: String, consuming count: Int) {
    for byte in text.utf8 {
      bytes.append(byte)
      origins.append(offset)
    }
    offset += count
  }
}
