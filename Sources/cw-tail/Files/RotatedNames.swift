internal import Unix

/// Under which names the older files of a log lie: `app.log.1`, `app.log.2.gz`, `app.log-20261125`, `app-20261125.log`,
/// `app.log.old`.
enum RotatedNames {
  /// Tells which of two files of a log is older.
  enum Age: Equatable {
    /// A number that grows as the file gets older.
    case number(Int)
    /// A date, or a count that grows: the later, the greater.
    case date(String)
  }

  /// The logs of which `name` may be an older file, and how old it is then. Names without their folder.
  static func origins(of name: String) -> [(log: String, age: Age)] {
    let plain = CompressedContent.suffix(of: name).map { name.dropLast($0.count) } ?? name[...]
    var origins: [(log: String, age: Age)] = []
    if plain.count < name.count, !plain.isEmpty { origins.append((String(plain), .number(1))) }
    for (start, rest) in separated(plain) {
      if let age = age(rest, after: plain[start]) { origins.append((String(plain[..<start]), age)) }
    }
    // The date may stand before the ending.
    guard let dot = plain.lastIndex(of: ".") else { return origins }
    for (start, rest) in separated(plain[..<dot]) {
      if let date = date(rest) { origins.append((String(plain[..<start] + plain[dot...]), date)) }
    }
    return origins
  }

  /// How old the file is among those of `log`, or nil if it is none of them.
  static func age(of name: String, among log: String) -> Age? { origins(of: name).first { $0.log == log }?.age }

  /// With what the names of all older files of a log begin: its own without the ending.
  static func stem(of log: String) -> Substring { log.lastIndex(of: ".").map { log[..<$0] } ?? log[...] }

  /// The name with `#` for each digit, if there are enough for a date: a link may lead from one such file to the next.
  static func shape(_ name: String) -> String? {
    let plain = CompressedContent.suffix(of: name).map { name.dropLast($0.count) } ?? name[...]
    guard plain.utf8.count(where: isDigit) >= digitsOfDate else { return nil }
    return String(decoding: plain.utf8.map { isDigit($0) ? UInt8(ascii: "#") : $0 }, as: UTF8.self)
  }

  /// Six, as in `261125`; with fewer, the file may as well be that of another worker: `worker-2.log`.
  private static let digitsOfDate = 6
  private static let separators: Set<Character> = [".", "-", "_"]

  // Where the name can be cut in two, and what follows there.
  private static func separated(_ name: Substring) -> [(start: Substring.Index, rest: Substring)] {
    name.indices.dropFirst().filter { separators.contains(name[$0]) }.map { ($0, name[name.index(after: $0)...]) }
  }

  private static func age(_ rest: Substring, after separator: Character) -> Age? {
    if ["old", "bak", "prev"].contains(rest) { return .number(1) }
    if separator == ".", rest.utf8.count <= 4, !rest.isEmpty, rest.utf8.allSatisfy(isDigit), let number = Int(rest) {
      return .number(number)
    }
    return date(rest)
  }

  private static func date(_ rest: Substring) -> Age? {
    guard let first = rest.utf8.first, isDigit(first), rest.utf8.count(where: isDigit) >= digitsOfDate,
      rest.utf8.allSatisfy({ isDigit($0) || "-_.:TZ+".utf8.contains($0) })
    else { return nil }
    return .date(String(rest))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
