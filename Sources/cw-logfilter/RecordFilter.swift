internal import Patterns
internal import Records
internal import Unix

/// Copies the log records whose message passes, byte for byte, and passes on the positions of the others.
final class RecordFilter {
  /// How many records of a source may be dropped before a position is written for them.
  static let longestSilence = 1000

  private let input: FilterInput
  private let output: FilterOutput
  private let warn: (String) -> Void
  private var sources: RecordSources
  private var sourcesWithPosition: [RecordSource] = []
  private let text = ByteBuffer()

  private var isInsideLongLine = false
  /// The number of records since the start, or since the last end record.
  private var read: Int64 = 0
  private var written: Int64 = 0
  private var invalid: Int64 = 0
  private var hasEnded = false
  private var miscount: (announced: Int64, read: Int64)?

  init(rules: SourceRules, input: Int32, output: Int32, warn: @escaping (String) -> Void) {
    self.input = FilterInput(descriptor: input, maximumLength: LogRecord.maximumLineLength)
    self.output = FilterOutput(descriptor: output)
    self.warn = warn
    sources = RecordSources { name in
      RecordSource(name: name, rules: rules.rules(for: RecordSource.text(of: name)))
    }
  }

  /// Runs to the end of the input.
  /// - Throws: `CommandError` if lines were refused or the input broke off; `SystemError`.
  func run() throws {
    let reader = input.reader
    while true {
      if let line = reader.next() {
        try take(line)
      } else if reader.isAtEnd {
        break
      } else {
        try input.fill(output: output.descriptor) {
          try writePositions()
          try output.flush()
        }
      }
    }
    try writePositions()
    if hasEnded, miscount == nil { try writeEnd() }
    try output.flush()
    try judgeEnd()
  }

  // MARK: - lines

  private func take(_ line: LineReader.Line) throws {
    switch line.terminator {
    case .cut:
      if !isInsideLongLine { refuse("longer than \(LogRecord.maximumLineLength) bytes") }
      isInsideLongLine = true
    case .lineFeed where isInsideLongLine: isInsideLongLine = false
    case .lineFeed: try take(line.bytes)
    // A writer that was killed has left half a line, which is not a record.
    case .endOfInput: hasEnded = false
    }
  }

  private func take(_ line: UnsafeRawBufferPointer) throws {
    switch LogRecord.parse(line) {
    case .record(let record):
      read += 1
      hasEnded = false
      try take(record, line)
    case .end(let count):
      if count != read, miscount == nil { miscount = (count, read) }
      // Another stream may follow.
      read = 0
      hasEnded = true
    case .invalid(let reason):
      refuse("\(reason)")
    }
  }

  private func refuse(_ reason: String) {
    read += 1
    invalid += 1
    hasEnded = false
    if invalid == 1 { warn("a line is no log record and was dropped: \(reason); records are what cw-tail writes") }
  }

  private func take(_ record: LogRecord, _ line: UnsafeRawBufferPointer) throws {
    let source = sources.find(record.source)
    if let message = record.message, !record.isGap, let rules = source.rules, !rules.keeps(unescaped(message, record)) {
      return try drop(record, of: source)
    }
    if record.clock != nil { source.clock.removeAll() }
    if record.position != nil {
      // It also covers the records that were dropped before it.
      source.position.removeAll()
      source.dropped = 0
    }
    // A dropped record's position may be the only one that covers the kept ones before it.
    if !source.position.isEmpty || !source.clock.isEmpty { try writeRest(of: source) }
    try output.append(line)
    try output.append("\n")
    written += 1
    if record.position?.isEmpty == true, record.message == nil { sources.forget(source) }
  }

  private func unescaped(_ message: UnsafeRawBufferPointer, _ record: LogRecord) -> UnsafeRawBufferPointer {
    guard record.messageHasEscapes else { return message }
    text.removeAll()
    JSONText.appendUnescaped(message, to: text)
    return text.bytes
  }

  // MARK: - positions and clocks of dropped records

  private func drop(_ record: LogRecord, of source: RecordSource) throws {
    source.dropped += 1
    if let clock = record.clock {
      source.clock.removeAll()
      source.clock.append(clock)
    }
    if let position = record.position {
      source.position.removeAll()
      source.position.append(position)
      if !source.isListed {
        source.isListed = true
        sourcesWithPosition.append(source)
      }
    }
    if source.dropped >= Self.longestSilence { try writePosition(of: source) }
  }

  private func writePosition(of source: RecordSource) throws {
    if !source.position.isEmpty { try writeRest(of: source) }
  }

  // Writes the position and the clock of dropped records, which also hold for other records.
  private func writeRest(of source: RecordSource) throws {
    try output.append("{\"source\":\"")
    try output.append(source.name.bytes)
    try append(source.position, as: "\",\"position\":\"")
    try append(source.clock, as: "\",\"clock\":\"")
    try output.append("\"}\n")
    written += 1
    source.dropped = 0
  }

  private func append(_ value: ByteBuffer, as key: StaticString) throws {
    guard !value.isEmpty else { return }
    try output.append(key)
    try output.append(value.bytes)
    value.removeAll()
  }

  private func writePositions() throws {
    for source in sourcesWithPosition {
      try writePosition(of: source)
      source.isListed = false
    }
    sourcesWithPosition.removeAll(keepingCapacity: true)
  }

  // MARK: - the end

  private func writeEnd() throws {
    try output.append("{\"end\":")
    try output.append(decimal: written)
    try output.append("}\n")
  }

  private func judgeEnd() throws {
    if let miscount {
      throw CommandError(
        .upstreamBroke,
        "the input says that it has \(miscount.announced) records, but \(miscount.read) came; no end is passed on")
    }
    if !hasEnded { throw CommandError(.upstreamBroke, "the input ended without its end record; what was read is passed on") }
    if invalid > 0 { throw CommandError(.dataRefused, "\(invalid) lines were no log records and were dropped") }
  }
}
