internal import Patterns
internal import Records
internal import Unix

/// `--explain`: writes for each line whether it passes, and which pattern decided.
final class Explanation {
  private let rules: SourceRules
  private let isRecords: Bool
  private let input: FilterInput
  private let output: FilterOutput
  private let text = ByteBuffer()
  private var kept = 0
  private var dropped = 0
  /// How many lines each reason decided, in the order of first use.
  private var counts: [(reason: String, lines: Int)] = []

  init(rules: SourceRules, isRecords: Bool, input: Int32, output: Int32) {
    self.rules = rules
    self.isRecords = isRecords
    let maximumLength = isRecords ? LogRecord.maximumLineLength : PlainFilter.maximumLength
    self.input = FilterInput(descriptor: input, maximumLength: maximumLength)
    self.output = FilterOutput(descriptor: output)
  }

  func run() throws {
    var isRest = false
    while true {
      if let line = input.reader.next() {
        if !isRest { try explain(line) }
        isRest = line.terminator == .cut
      } else if input.reader.isAtEnd {
        break
      } else {
        try input.fill(output: output.descriptor) { try output.flush() }
      }
    }
    try summarize()
    try output.flush()
  }

  private func explain(_ line: LineReader.Line) throws {
    guard isRecords else {
      let hasReturn = line.bytes.last == 0x0D && line.terminator != .cut
      let bytes = hasReturn ? line.bytes.part(0..<(line.bytes.count - 1)) : line.bytes
      return try explain(bytes, rules.rules(for: ""), prefix: "")
    }
    if line.terminator == .endOfInput { return }
    switch LogRecord.parse(line.bytes) {
    case .end: break
    case .invalid(let reason): try explain(isKept: false, reason: "no log record: \(reason)", line.bytes.text)
    case .record(let record):
      guard let message = record.message else { return }
      let source = RecordSource.text(of: record.source)
      text.removeAll()
      JSONText.appendUnescaped(message, to: text)
      try explain(text.bytes, rules.rules(for: source), prefix: source + ": ")
    }
  }

  private func explain(_ line: UnsafeRawBufferPointer, _ rules: FilterRules?, prefix: String) throws {
    let reason = rules?.reason(line) ?? .noPattern
    try explain(isKept: reason.isKept, reason: Self.describe(reason, rules), prefix + line.text)
  }

  private func explain(isKept: Bool, reason: String, _ line: String) throws {
    if isKept { kept += 1 } else { dropped += 1 }
    let reason = (isKept ? "keep  " : "drop  ") + reason
    if let known = counts.firstIndex(where: { $0.reason == reason }) {
      counts[known].lines += 1
    } else {
      counts.append((reason, 1))
    }
    try write("\(reason)  \(line)")
  }

  private func summarize() throws {
    try write("")
    try write("\(kept + dropped) lines: \(kept) kept, \(dropped) dropped")
    for (reason, lines) in counts.sorted(by: { $0.lines > $1.lines }) { try write("\(lines)  \(reason)") }
  }

  private func write(_ text: String) throws {
    let bytes = Array((text.printable + "\n").utf8)
    try bytes.withUnsafeBytes { try output.append($0) }
  }

  private static func describe(_ reason: FilterRules.Reason, _ rules: FilterRules?) -> String {
    switch reason {
    case .include(let number): "include \(number + 1) \(quote(rules?.include, number))"
    case .exclude(let number): "exclude \(number + 1) \(quote(rules?.exclude, number))"
    case .noIncludeMatches: "no include matches"
    case .noExcludeMatches: "no exclude matches"
    case .filter(let number): describe(filter: number, rules)
    case .allFiltersPass: "all filters pass"
    case .noPattern: "no pattern given"
    }
  }

  private static func describe(filter number: Int, _ rules: FilterRules?) -> String {
    guard let filters = rules?.filters, filters.indices.contains(number) else { return "" }
    let text = quote(filters[number].pattern, 0)
    return "filter \(number + 1) " + (filters[number].mustMatch ? "include \(text) does not match" : "exclude \(text)")
  }

  private static func quote(_ set: PatternSet?, _ number: Int) -> String {
    guard let patterns = set?.patterns, patterns.indices.contains(number) else { return "" }
    return "/\(patterns[number].text)/"
  }
}
