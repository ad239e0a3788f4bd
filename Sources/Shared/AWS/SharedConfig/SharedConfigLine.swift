/// One line of a shared file, as Python's `configparser` takes it, by which the AWS CLI reads these files.
struct SharedConfigLine {
  enum Kind: Equatable {
    case blank
    case comment
    /// What stands between the brackets, without the space around it.
    case section(String)
    /// The key in lower case; the value without the space around it.
    case key(String, String)
    /// Of the key before it: a line that is indented deeper.
    case continuation(String)
  }

  let kind: Kind
  /// Counted from 1.
  let number: Int
  /// Its bytes with what ends it: LF, CRLF, CR, or the end of the file.
  let bytes: Range<Int>
  /// Where what ends it begins.
  let end: Int

  /// Takes a file apart.
  ///
  /// Like the CLI, and unlike some SDKs, it refuses a section or a key that stands there twice: with two profiles of one
  /// name nobody can say which keys are meant, and a program that `aws` refuses to be should not be that here.
  /// Unlike the CLI it takes a byte order mark, space inside of the brackets, and comments in any encoding.
  static func all(_ file: [UInt8], name: String) throws -> [SharedConfigLine] {
    var lines: [SharedConfigLine] = []
    var sectionLines: [String: Int] = [:]
    var keyLines: [String: Int] = [:]
    var section: String?
    var key: String?
    var keyIndent = 0
    try forEachLine(file) { number, bytes, end in
      func malformed(_ reason: String) -> SharedConfig.Malformed { .init(message: "\(name) line \(number): \(reason)") }
      func add(_ kind: Kind) { lines.append(SharedConfigLine(kind: kind, number: number, bytes: bytes, end: end)) }
      let line = file[(number == 1 ? startOfText(file) : bytes.lowerBound)..<end]
      let text = String(decoding: line, as: UTF8.self)
      let content = trimmed(text)
      if content.isEmpty { return add(.blank) }
      if content.hasPrefix("#") || content.hasPrefix(";") { return add(.comment) }
      guard text.utf8.elementsEqual(line) else { throw malformed("not UTF-8") }
      let indent = text.unicodeScalars.prefix(while: isSpace).count
      if key != nil, indent > keyIndent { return add(.continuation(content)) }
      keyIndent = indent
      if content.hasPrefix("[") {
        guard let close = content.lastIndex(of: "]") else { throw malformed("a section without ]") }
        let name = trimmed(content[..<close].dropFirst())
        guard !name.isEmpty else { throw malformed("a section without a name") }
        // Of DEFAULT, whose keys stand in for all others', `configparser` takes several.
        if name != SharedConfig.standIn, let first = sectionLines.updateValue(number, forKey: name) {
          throw malformed("the section [\(name)] is there twice, first in line \(first); join the two")
        }
        (section, key, keyLines) = (name, nil, [:])
        return add(.section(name))
      }
      guard section != nil else { throw malformed("a key before the first [section]") }
      guard let equals = content.unicodeScalars.firstIndex(where: { $0 == "=" || $0 == ":" }), equals != content.startIndex else {
        throw malformed("no 'key = value'")
      }
      let name = trimmed(content[..<equals]).lowercased()
      if let first = keyLines.updateValue(number, forKey: name) {
        throw malformed("the key \(name) is there twice in [\(section ?? "")], first in line \(first); leave one")
      }
      key = name
      add(.key(name, trimmed(content[equals...].unicodeScalars.dropFirst())))
    }
    return lines
  }

  /// Behind a byte order mark.
  private static func startOfText(_ file: [UInt8]) -> Int { file.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  private static func forEachLine(_ file: [UInt8], _ body: (_ number: Int, _ bytes: Range<Int>, _ end: Int) throws -> Void) rethrows {
    var start = 0
    var number = 0
    while start < file.count {
      let end = file[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? file.count
      let isCRLF = end + 1 < file.count && file[end] == 0x0D && file[end + 1] == 0x0A
      let next = min(end + (isCRLF ? 2 : 1), file.count)
      number += 1
      try body(number, start..<next, end)
      start = next
    }
  }

  /// Without what Python's `strip` takes away at both ends.
  static func trimmed(_ text: some StringProtocol) -> String { trimmed(Substring(text).unicodeScalars) }

  private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String {
    let front = scalars.drop(while: isSpace)
    guard let last = front.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(front[...last])
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}
