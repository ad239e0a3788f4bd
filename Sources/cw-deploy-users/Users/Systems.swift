internal import Config
internal import Unix

/// The ids in `systems.txt`: one a line; blank lines and comments after a `#` are ignored.
enum Systems {
  /// AdminCreateUser, parameter Username.
  static let longestId = 128

  static func isValid(_ id: String) -> Bool { InstanceIdentity.isValid(id) && id.utf8.count <= longestId }

  /// The ids, and every line that cannot be used.
  static func parse(_ file: [UInt8]) -> (ids: [String], validationErrors: [(line: Int, text: String)]) {
    var ids: [String] = []
    var validationErrors: [(line: Int, text: String)] = []
    var firstLines: [String: Int] = [:]
    // Windows' editors write a byte order mark.
    let text = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file.dropFirst(3) : file[...]
    for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let number = index + 1
      let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
      let id = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }.trimmed(isSpace), as: UTF8.self)
      if id.isEmpty { continue }
      if !isValid(id) {
        validationErrors.append((number, "'\(id.prefix(200))' is no id; expected 1 to \(longestId) letters, digits and . _ -"))
      } else if let first = firstLines.updateValue(firstLines[id] ?? number, forKey: id) {
        validationErrors.append((number, "\(id) is there twice, first in line \(first); leave one"))
      } else {
        ids.append(id)
      }
    }
    return (ids, validationErrors)
  }

  /// Reads a file, and warns if it has no ids.
  /// - Parameter check: why an id cannot be used for another reason; nil: it can.
  /// - Throws: `ConfigurationError`, after messages about the lines that cannot be used.
  static func load(_ path: String, check: (String) -> String? = { _ in nil }) throws -> [String] {
    let missing = "no file \(path); write one with the id of a machine in each line, such as rpi-00000000abcdef01, or give --systems"
    let file = try translating({ ConfigurationError($0.code == ENOENT ? missing : $0.message) }) { try TextFile.read(path) }
    let (ids, validationErrors) = parse(file)
    let further = validationErrors.isEmpty ? ids.compactMap(check) : []
    let lines = validationErrors.map { "\(path):\($0.line): \($0.text)" } + further.map { "\(path): \($0)" }
    guard lines.isEmpty else {
      lines.prefix(20).forEach(Messages.error)
      throw ConfigurationError("\(path): \(lines.count) of its lines cannot be used; nothing was changed")
    }
    if ids.isEmpty { Messages.warning("\(path) names no system; only the stack is looked after") }
    return ids
  }
}
