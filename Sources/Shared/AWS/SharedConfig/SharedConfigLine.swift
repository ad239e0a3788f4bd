internal import Unix

/// One line of a shared file, as Python's `configparser` reads it, which the AWS CLI uses.
struct SharedConfigLine {
  enum Kind: Equatable {
    case blank
    case comment
    /// The text between the brackets, without the space around it.
    case section(String)
    /// The key in lower case; the value without the space around it.
    case key(String, String)
    /// A line of the key before it: it is indented deeper.
    case continuation(String)
  }

  let kind: Kind
  /// Counted from 1.
  let number: Int

  /// Splits a file into lines.
  ///
  /// Like the CLI, and unlike some SDKs, it refuses a duplicate section or key: with two profiles of one name it is unclear which keys
  /// are meant. Unlike the CLI it accepts a byte order mark, space inside the brackets, and comments in any encoding.
  /// - Throws: `CommandError`.
  static func all(_ file: [UInt8], name: String) throws -> [SharedConfigLine] {
    var lines: [SharedConfigLine] = []
    var sectionLines: [String: Int] = [:]
    var keyLines: [String: Int] = [:]
    var section: String?
    var key: String?
    var keyIndent = 0
    try forEachLine(file) { number, line in
      func malformed(_ reason: String) -> CommandError { CommandError(.badConfiguration, "\(name) line \(number): \(reason)") }
      func add(_ kind: Kind) { lines.append(SharedConfigLine(kind: kind, number: number)) }
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
        // `configparser` accepts several DEFAULT sections.
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

  // Lines after a byte order mark, without the LF, CRLF or CR that ends them, counted from 1.
  private static func forEachLine(_ file: [UInt8], _ body: (_ number: Int, _ line: ArraySlice<UInt8>) throws -> Void) rethrows {
    var start = file.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var number = 0
    while start < file.count {
      let end = file[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? file.count
      let isCRLF = end + 1 < file.count && file[end] == 0x0D && file[end + 1] == 0x0A
      number += 1
      try body(number, file[start..<end])
      start = end + (isCRLF ? 2 : 1)
    }
  }

  /// The text without what Python's `strip` removes at both ends.
  static func trimmed(_ text: some StringProtocol) -> String { trimmed(Substring(text).unicodeScalars) }

  private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String { String(scalars.trimmed(isSpace)) }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}
