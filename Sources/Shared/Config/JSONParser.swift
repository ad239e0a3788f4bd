internal import Records
internal import Unix

/// Reads a JSON text (RFC 8259, strictly) into values that know their lines.
///
/// People write these files by hand, and `JSONDecoder` (Swift 6.3) cannot say in which line a text is broken, takes a comma
/// too many, and keeps the first of two equal keys where Python kept the last.
struct JSONParser {
  /// Why a text is no JSON, and where; columns count characters from 1.
  struct Fault: Error, Equatable {
    let line: Int
    let column: Int
    let reason: String
  }

  private let bytes: UnsafeRawBufferPointer
  private var location = 0
  private var line = 1
  private var lineStart = 0

  /// More than any configuration needs, and far from what the stack holds.
  private static let deepest = 64

  static func parse(_ text: [UInt8]) throws -> JSON {
    try text.withUnsafeBytes { bytes in
      var parser = JSONParser(bytes: bytes)
      let root = try parser.value(depth: 0)
      parser.skipSpace()
      guard parser.location == bytes.count else { throw parser.fault("something follows the end") }
      return root
    }
  }

  private init(bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    // A byte order mark, which some editors write.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      location = 3
      lineStart = 3
    }
  }

  private mutating func value(depth: Int) throws -> JSON {
    skipSpace()
    guard depth <= Self.deepest else { throw fault("nested too deeply") }
    let start = line
    switch next ?? 0 {
    case UInt8(ascii: "{"): return JSON(.object(try members(depth: depth)), line: start)
    case UInt8(ascii: "["): return JSON(.list(try elements(depth: depth)), line: start)
    case UInt8(ascii: "\""): return JSON(.text(try string()), line: start)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return JSON(.number(try number()), line: start)
    default: break
    }
    if takeWord("true") { return JSON(.boolean(true), line: start) }
    if takeWord("false") { return JSON(.boolean(false), line: start) }
    if takeWord("null") { return JSON(.null, line: start) }
    throw fault("a value is expected")
  }

  private mutating func members(depth: Int) throws -> [JSON.Member] {
    location += 1
    var members: [JSON.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return members }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("a key in double quotes is expected") }
      let keyLine = line
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw fault("a colon is expected after the key") }
      members.append(JSON.Member(key: key, line: keyLine, value: try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else { throw fault("a comma or } is expected") }
    }
  }

  private mutating func elements(depth: Int) throws -> [JSON] {
    location += 1
    var elements: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw fault("a comma or ] is expected") }
    }
  }

  /// Stands before the opening quote.
  private mutating func string() throws -> String {
    guard let scan = JSONText.scan(bytes, from: location + 1) else {
      throw fault("this text has no closing quote in its line, or holds a bad escape or bytes that are not UTF-8")
    }
    let text = ByteBuffer(capacity: scan.length)
    JSONText.appendUnescaped(bytes.part(location + 1..<scan.end), to: text)
    location = scan.end + 1
    return text.text
  }

  private mutating func number() throws -> JSON.Number {
    let start = location
    _ = take(UInt8(ascii: "-"))
    let leadingZero = next == UInt8(ascii: "0")
    let whole = takeDigits()
    var isValid = leadingZero ? whole == 1 : whole > 0
    if take(UInt8(ascii: ".")), takeDigits() == 0 { isValid = false }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if takeDigits() == 0 { isValid = false }
    }
    let text = bytes.part(start..<location).text
    guard isValid, let number = Double(text), number.isFinite else {
      location = start
      throw fault("this is not a number that JSON knows")
    }
    return JSON.Number(number, text: text)
  }

  // MARK: - bytes

  private var next: UInt8? { location < bytes.count ? bytes[location] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    location += 1
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    let end = location + word.utf8CodeUnitCount
    guard end <= bytes.count, bytes.part(location..<end).equals(word) else { return false }
    location = end
    return true
  }

  private mutating func takeDigits() -> Int {
    let start = location
    while let digit = next, (0x30...0x39).contains(digit) { location += 1 }
    return location - start
  }

  private mutating func skipSpace() {
    while let byte = next {
      switch byte {
      case 0x0A:
        line += 1
        lineStart = location + 1
      case 0x20, 0x09, 0x0D: break
      default: return
      }
      location += 1
    }
  }

  private func fault(_ reason: String) -> Fault {
    let before = bytes.part(min(lineStart, location)..<location)
    let column = before.reduce(into: 1) { column, byte in column += byte & 0xC0 == 0x80 ? 0 : 1 }
    guard let found = next else { return Fault(line: line, column: column, reason: "\(reason), but the file ends here") }
    let isComment = found == UInt8(ascii: "/") || found == UInt8(ascii: "#")
    return Fault(line: line, column: column, reason: isComment ? "\(reason), and JSON has no comments" : reason)
  }
}
