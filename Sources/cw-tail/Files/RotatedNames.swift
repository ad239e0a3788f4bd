internal import Unix

/// The names that rotated files of a log may have: its own with a number, a date or a word added at the end, at the start or before the
/// suffix. Names are hints about the order of files; they never decide alone whether one is read.
enum RotatedNames {
  /// How the name of a rotated file differs from that of its log.
  struct Relation: Equatable {
    /// Whether only rotated files have such names: `app.log.1`, `app.log-20261125`. If false, as for `app-1.log`, it may be the log of another
    /// process.
    let isCertain: Bool
    /// The added numbers, from left to right.
    let numbers: [Int]

    /// More than four digits are a date or a time, and grow; fewer may count up or down.
    var isDate: Bool { numbers.contains { $0 > 9999 } || numbers.count >= 3 }
  }

  private static let words: Set<[UInt8]> = Set(["old", "bak", "prev", "orig", "save", "backup"].map { Array($0.utf8) })
  private static let months: Set<[UInt8]> = Set(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map { Array($0.utf8) })
  private static let separators = Set(".-_:+~() @".utf8)

  /// The name of a log of svlogd, s6-log and multilog. The names of rotated files are times, but `previous` until a program has processed them.
  static let supervised = "current"
  private static let unprocessed = "previous"
  static let labelLength = 24
  /// Sorts after any label.
  private static let latest = Relation(isCertain: true, numbers: Array(repeating: .max, count: labelLength))

  // `@400000006b0e024d0bb8fbf4`: hexadecimal digits.
  private static func label(of name: ArraySlice<UInt8>) -> Relation? {
    let digits = name.dropFirst().prefix(labelLength)
    guard name.first == UInt8(ascii: "@"), digits.count == labelLength,
      digits.allSatisfy({ isDigit($0) || (0x61...0x66).contains($0) })
    else { return nil }
    return Relation(isCertain: true, numbers: digits.map { Int($0) })
  }

  /// The logs of which `name` may be a rotated file. Names are without their folder.
  static func origins(of name: String) -> [(log: String, relation: Relation)] {
    let whole = FileName.bytes(name)
    let plain = Array(Compression.stem(of: whole))
    var origins: [(log: String, relation: Relation)] = []
    func add(_ log: some Collection<UInt8>, _ addition: some Collection<UInt8>, isBehind: Bool) {
      guard !log.isEmpty, !addition.isEmpty, let relation = relation(Array(addition), isBehind: isBehind) else { return }
      origins.append((FileName.text(log), relation))
    }
    if plain.count < whole.count, !plain.isEmpty { origins.append((FileName.text(plain), Relation(isCertain: true, numbers: []))) }
    if let label = label(of: plain[...]) { origins.append((supervised, label)) }
    if name == unprocessed { origins.append((supervised, latest)) }
    for cut in plain.indices.dropFirst() where canEnd(plain[..<cut], before: plain[cut]) {
      add(plain[..<cut], plain[cut...], isBehind: true)
    }
    for cut in plain.indices.dropFirst() where !separators.contains(plain[cut]) { add(plain[cut...], plain[..<cut], isBehind: false) }
    // In java.util.logging and NLog the log itself has the number 0.
    for number in numbers(in: plain) where !plain[number].allSatisfy({ $0 == 0x30 }) {
      origins.append((FileName.text(plain[..<number.lowerBound] + [0x30] + plain[number.upperBound...]), replacement(plain[number])))
    }
    guard let dot = plain.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return origins }
    for cut in plain[..<dot].indices.dropFirst() where canEnd(plain[..<cut], before: plain[cut]) {
      add(plain[..<cut] + plain[dot...], plain[cut..<dot], isBehind: false)
    }
    return origins
  }

  /// How `name` is derived from `log`; nil if it is not the name of a rotated file of it.
  static func relation(of name: String, to log: String) -> Relation? {
    let (plain, log) = (Array(Compression.stem(of: FileName.bytes(name))), FileName.bytes(log))
    if plain == log { return FileName.bytes(name) == log ? nil : Relation(isCertain: true, numbers: []) }
    if log == Array(supervised.utf8), let relation = name == unprocessed ? latest : label(of: plain[...]) { return relation }
    if let zero = numbers(in: log).first(where: { log[$0].elementsEqual([0x30]) }),
      let number = numbers(in: plain).first(where: { $0.lowerBound == zero.lowerBound }), !plain[number].allSatisfy({ $0 == 0x30 }),
      plain[..<number.lowerBound] == log[..<zero.lowerBound], plain[number.upperBound...].elementsEqual(log[zero.upperBound...])
    {
      return replacement(plain[number])
    }
    guard plain.count > log.count else { return nil }
    if plain.starts(with: log), canEnd(log[...], before: plain[log.count]),
      let relation = relation(Array(plain[log.count...]), isBehind: true)
    {
      return relation
    }
    if plain.suffix(log.count).elementsEqual(log), !separators.contains(log[0]) {
      return relation(Array(plain[..<(plain.count - log.count)]), isBehind: false)
    }
    guard let dot = log.lastIndex(of: UInt8(ascii: ".")), dot > 0, plain.starts(with: log[..<dot]),
      plain.suffix(log.count - dot).elementsEqual(log[dot...]), canEnd(log[..<dot], before: plain[dot])
    else { return nil }
    return relation(Array(plain[dot..<(plain.count - (log.count - dot))]), isBehind: false)
  }

  /// The prefixes and suffixes that names of rotated files have, so that in a folder of thousands of logs few names are compared.
  static func affixes(of log: String) -> [(beginning: String, ending: String)] {
    let name = FileName.bytes(log)
    let end = name.lastIndex(of: UInt8(ascii: ".")).map { $0 == 0 ? name.count : $0 } ?? name.count
    var affixes = [(beginning: FileName.text(name[..<end]), ending: "")]
    if log == supervised { affixes += [("@", ""), (unprocessed, "")] }
    // With an added prefix, and with another number instead of 0.
    let zero = numbers(in: name).first { name[$0].elementsEqual([0x30]) }
    for suffix in [""] + Compression.suffixes.map(FileName.text) {
      affixes.append(("", log + suffix))
      if let zero { affixes.append((FileName.text(name[..<zero.lowerBound]), FileName.text(name[zero.upperBound...]) + suffix)) }
    }
    return affixes
  }

  /// The name with `0` for each number: the files that a link leads to one after the other differ only in their numbers.
  static func shape(of name: String) -> String {
    replacingNumbers(in: name[...], with: "0") { "\($0)" }
  }

  private static func replacingNumbers(in name: Substring, with replacement: String, others: (Unicode.Scalar) -> String) -> String {
    var (result, isInNumber) = ("", false)
    for scalar in name.unicodeScalars {
      let isNumber = scalar.isASCII && isDigit(UInt8(truncatingIfNeeded: scalar.value))
      if !isNumber { result += others(scalar) } else if !isInNumber { result += replacement }
      isInNumber = isNumber
    }
    return result
  }

  /// The numbers in a name, from left to right.
  static func numbers(of name: String) -> [Int] {
    let bytes = FileName.bytes(name)
    return numbers(in: bytes).map { value(bytes[$0]) }
  }

  private static func numbers(in name: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for (index, byte) in name.enumerated() where isDigit(byte) {
      if let last = ranges.last, last.upperBound == index {
        ranges[ranges.count - 1] = last.lowerBound..<index + 1
      } else {
        ranges.append(index..<index + 1)
      }
    }
    return ranges
  }

  // Longer numbers are times in nanoseconds, which the first digits sort.
  private static func value(_ digits: some Sequence<UInt8>) -> Int { digits.prefix(18).reduce(0) { $0 * 10 + Int($1 - 0x30) } }

  private static func replacement(_ digits: ArraySlice<UInt8>) -> Relation { Relation(isCertain: false, numbers: [value(digits)]) }

  /// A glob for the paths that differ from this one only in the numbers of their name and of folders that are named by a date; nil if there
  /// are too few digits for a date.
  static func pattern(forPathsLike path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    var pattern: [String] = []
    var (digits, isInDate) = (0, false)
    for (index, part) in parts.enumerated() {
      isInDate = isDate(part, isInDate: isInDate)
      let isOpen = isInDate || index == parts.count - 1
      if isOpen { digits += part.utf8.count(where: isDigit) }
      func escaped(_ scalar: Unicode.Scalar) -> String { "*?[\\".unicodeScalars.contains(scalar) ? "[\(scalar)]" : "\(scalar)" }
      pattern.append(isOpen ? replacingNumbers(in: part, with: "[0-9]*", others: escaped) : part.unicodeScalars.map(escaped).joined())
    }
    return digits >= digitsOfDate ? pattern.joined(separator: "/") : nil
  }

  // Whether a folder is named by a date: `2026`, `2026-12`, `20261231`, and within such a folder `12`. `/srv/app2` is no date.
  private static func isDate(_ folder: Substring, isInDate: Bool) -> Bool {
    guard folder.utf8.allSatisfy({ isDigit($0) || separators.contains($0) }), let first = numbers(of: String(folder)).first else {
      return false
    }
    return isYearFirst(first) || isInDate && first < 100
  }

  /// Whether a number is a year in four digits, or a date of eight that begins with it.
  static func isYearFirst(_ number: Int) -> Bool { (1970...2999).contains(number) || (19_700_101...29_991_231).contains(number) }

  /// Six, as in `261125`; with fewer digits the file may be that of another worker: `worker-2.log`.
  private static let digitsOfDate = 6

  // Whether the name of a log may end here: neither with a separator nor inside a number.
  private static func canEnd(_ log: ArraySlice<UInt8>, before next: UInt8) -> Bool {
    guard let last = log.last else { return false }
    return !separators.contains(last) && !(isDigit(last) && isDigit(next))
  }

  // Parses an addition, which may consist of numbers, months, words and separators only.
  private static func relation(_ addition: [UInt8], isBehind: Bool) -> Relation? {
    var numbers: [Int] = []
    var digits = 0
    var hasWord = false
    var index = 0
    while index < addition.count {
      let byte = addition[index]
      if isDigit(byte) {
        let number = addition[index...].prefix(while: isDigit)
        numbers.append(value(number))
        digits += number.count
        index += number.count
      } else if separators.contains(byte) {
        index += 1
      } else {
        let word = addition[index...].prefix { !isDigit($0) && !separators.contains($0) }
        let lower = word.map { $0 | 0x20 }
        guard words.contains(lower) || months.contains(lower) || (["t", "z", "utc"].map { Array($0.utf8) }.contains(lower) && digits > 0)
        else { return nil }
        if words.contains(lower) { hasWord = true }
        index += word.count
      }
    }
    guard digits > 0 || hasWord else { return nil }
    let isSeparate = addition.first.map { separators.contains($0) } ?? false
    let isDate = digits >= digitsOfDate
    let counts = isBehind && addition.first == UInt8(ascii: ".") && digits <= 4
    return Relation(isCertain: isDate || counts && digits > 0 || isBehind && isSeparate && hasWord, numbers: numbers)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
