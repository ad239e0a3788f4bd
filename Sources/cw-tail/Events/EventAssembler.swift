internal import Config
internal import Patterns
internal import Unix

/// Makes events of the bytes of a file: decides where one ends, what its text is, and when it happened.
///
/// It keeps no bytes of a file between two calls, so files with the same rules share one.
final class EventAssembler {
  struct Rules: Hashable {
    /// What the first line of an event of several lines looks like.
    enum Start: Hashable {
      case pattern(String)
      /// The line contains a time of `timestampFormat`.
      case timestamp

      /// The value of `multi_line_start_pattern`.
      init(_ text: String) { self = text == "{timestamp_format}" ? .timestamp : .pattern(text) }
    }

    /// Nil: each line is an event.
    var multiLineStart: Start?
    /// Nil: an event happened when it was read.
    var timestampFormat: String?
    var timezone = TimestampFormat.Zone.local
    /// Whether the time and a space behind it are removed from the message.
    var trimsTimestamp = false
    /// A name that iconv(3) knows; nil: bytes pass as they are, which is right for UTF-8.
    var encoding: String?
  }

  /// What follows a block.
  enum InputEnd {
    /// More of the file, now or later: an incomplete event waits.
    case open
    /// Perhaps more of the file, which has been quiet for so long that no line will join the last event. An incomplete line waits.
    case quiet
    /// More of the file, and the block is as large as an event may be: if it holds no complete event, a piece of it is handed out.
    case full
    /// Nothing: the rest of the block is an event.
    case last
  }

  /// An event of which some pieces were handed out, because it is longer than CloudWatch Logs takes.
  struct Unfinished: Equatable {
    let timestamp: Int64
    /// Whether the next byte is inside a line, not at its start.
    let isInsideLine: Bool
  }

  /// Takes a message (an empty one is not sent), its time in milliseconds since the epoch, and the offset in the block at which the event
  /// ends, where a position may be stored; nil: the message is a piece of an event that goes on, so no position may be stored.
  typealias Body = (_ message: UnsafeRawBufferPointer, _ timestamp: Int64, _ end: Int?) throws -> Void

  /// Bytes of the longest message: CloudWatch Logs takes events of 1 MiB, 26 bytes of which are overhead ("PutLogEvents", API Reference).
  static let maximumMessageLength = 1_048_576 - 26

  /// NULs that were dropped in front of lines: a writer without O_APPEND leaves them when its file is truncated.
  private(set) var strippedNULCount = 0
  /// Events that were cut because they were longer than CloudWatch Logs takes.
  private(set) var cutEventCount = 0
  /// Notices settings that do not fit the text. It belongs to the log whose block is assembled next.
  var check: TextCheck?
  /// Characters that could not be decoded and became U+FFFD.
  private(set) var replacementCount = 0

  private let isPlain: Bool
  /// Whether bytes are decoded, instead of passing as they are.
  var decodes: Bool { !encodings.isEmpty }
  /// Whether an event may have several lines. Then the last one is complete only when the next begins, or after a quiet time.
  let isMultiLine: Bool
  private let starts: PatternSet?
  private let format: TimestampFormat?
  private let trimsTimestamp: Bool
  private let encodings: [TextEncoding]
  private let decoded = ByteBuffer(capacity: 64)
  private let tidied = ByteBuffer(capacity: 64)
  private let trimmed = ByteBuffer(capacity: 64)

  private static let keptMemory = 1 << 16

  /// - Parameters:
  ///   - context: shared by all patterns of the program.
  ///   - warn: called once if the pattern cannot decide a line.
  /// - Throws: `PatternError` or `ConfigurationError`.
  init(
    _ rules: Rules, context: @autoclosure () -> MatchContext = MatchContext(), warn: @escaping (String) -> Void = { _ in }
  ) throws {
    format = try rules.timestampFormat.map { try TimestampFormat($0, zone: rules.timezone) }
    encodings = try TextEncoding.candidates(rules.encoding)
    trimsTimestamp = rules.trimsTimestamp
    isMultiLine = rules.multiLineStart != nil
    switch rules.multiLineStart {
    case .pattern(let pattern):
      starts = try PatternSet([pattern], memory: context(), name: { _ in "multi_line_start_pattern" }, warn: warn)
    case .timestamp where rules.timestampFormat == nil:
      throw ConfigurationError("multi_line_start_pattern is \"{timestamp_format}\", and there is no timestamp_format")
    case .timestamp, nil: starts = nil
    }
    isPlain = !isMultiLine && format == nil && encodings.isEmpty
  }

  /// The value for `encoding` that the byte order mark at the start of a file asks for; nil: there is none, or that of UTF-8.
  static func markedEncoding(_ head: some Collection<UInt8>) -> String? {
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return "utf-32" }
    return head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) ? "utf-16" : nil
  }

  /// Hands out the events at the start of a block, in their order.
  /// - Parameters:
  ///   - block: bytes of a file, from the first one that is in no event yet.
  ///   - offset: where the block begins in its file.
  ///   - unfinished: nil at the start of an event; otherwise what the previous call has set.
  ///   - now: milliseconds since the epoch.
  /// - Returns: how many bytes are consumed. The others must begin the next block.
  @inline(__always)  // for the plain lines
  func forEachEvent(
    in block: UnsafeRawBufferPointer, at offset: Int64 = 0, _ inputEnd: InputEnd, unfinished: inout Unfinished?, now: Int64, _ body: Body
  ) rethrows -> Int {
    if isPlain { return try forEachLine(in: block, inputEnd, &unfinished, now, body) }
    return try forEachEventByRules(in: block, at: offset, inputEnd, &unfinished, now, body)
  }

  // MARK: - events by rules

  private func forEachEventByRules(
    in block: UnsafeRawBufferPointer, at offset: Int64, _ inputEnd: InputEnd, _ unfinished: inout Unfinished?, _ now: Int64, _ body: Body
  ) rethrows -> Int {
    if let rest = restOfUnit(at: offset, block) {
      unfinished = nil
      try body(block.part(0..<0), now, rest)
      return rest
    }
    defer { for buffer in [decoded, tidied, trimmed] { forget(buffer) } }
    let encoding = TextEncoding.choose(encodings, for: block)
    var start = 0
    var lineStart = 0
    // Whether the line at `lineStart` begins a new event.
    func begins(_ lineEnd: Int) -> Bool {
      if !isMultiLine || lineStart == start && unfinished == nil { return false }
      if lineStart == start, unfinished?.isInsideLine == true { return false }
      return isStart(block.part(lineStart..<lineEnd), encoding, now)
    }
    func close(_ end: Int) throws {
      if end > start { try emit(block.part(start..<end), encoding, &unfinished, now, end: end, body) }
      unfinished = nil
      start = end
    }
    while let lineEnd = endOfLine(in: block, from: lineStart, encoding) {
      if begins(lineEnd) { try close(lineStart) }
      lineStart = lineEnd
      if !isMultiLine { try close(lineEnd) }
    }
    switch inputEnd {
    case .open: return start
    case .quiet:
      if lineStart > start || unfinished?.isInsideLine == false { try close(lineStart) }
      return start
    case .full:
      if start > 0 { return start }
      return try cut(block, atLine: lineStart, encoding, &unfinished, now, body)
    case .last:
      let end = lineStart + countWithoutNULs(block.part(lineStart..<block.count), encoding)
      if end > lineStart, begins(end) { try close(lineStart) }
      try close(end)
      return end
    }
  }

  // The bytes up to the next whole code unit; nil: the block begins with one. If `encoding` was set after a part of the file was read as
  // bytes, reading goes on in the middle of a line feed, and every character after it would be misaligned.
  private func restOfUnit(at offset: Int64, _ block: UnsafeRawBufferPointer) -> Int? {
    guard let unit = encodings.first.map({ Int64($0.unit) }), unit > 1, offset % unit != 0, !block.isEmpty else { return nil }
    return min(Int(unit - offset % unit), block.count)
  }

  // MARK: - plain lines

  // The hot path: lines of bytes without any rules. Inlining it with `body` saves a twentieth of cw-tail's time, as measured.
  @inline(__always)
  private func forEachLine(
    in block: UnsafeRawBufferPointer, _ inputEnd: InputEnd, _ unfinished: inout Unfinished?, _ now: Int64, _ body: Body
  ) rethrows -> Int {
    var start = 0
    while let lineFeed = block.firstIndex(of: 0x0A, from: start) {
      var first = start
      if block[first] == 0 || block[first] == 0xEF { first += strip(block.part(start..<lineFeed)) }
      let last = lineFeed > first && block[lineFeed - 1] == 0x0D ? lineFeed - 1 : lineFeed
      try body(block.part(first..<last), now, lineFeed + 1)
      start = lineFeed + 1
    }
    if start > 0 { unfinished = nil }
    switch inputEnd {
    case .open, .quiet: return start
    case .full: return start > 0 ? start : try cut(block, atLine: 0, nil, &unfinished, now, body)
    case .last:
      let end = start + countWithoutNULs(block.part(start..<block.count), nil)
      if end > start {
        let first = start + strip(block.part(start..<end))
        try body(block.part(first..<end), now, end)
      }
      unfinished = nil
      return end
    }
  }

  // MARK: - where events end

  private func endOfLine(in block: UnsafeRawBufferPointer, from start: Int, _ encoding: TextEncoding?) -> Int? {
    if let encoding { return encoding.endOfLine(in: block, from: start) }
    return block.firstIndex(of: 0x0A, from: start).map { $0 + 1 }
  }

  private func isStart(_ line: UnsafeRawBufferPointer, _ encoding: TextEncoding?, _ now: Int64) -> Bool {
    var text = Self.withoutLineEnd(decode(line, encoding).text)
    text = text.part(Self.countNoise(text)..<text.count)
    if let starts {
      var subject: Subject?
      return starts.matches(text, &subject)
    }
    return format?.find(in: text, now: now) != nil
  }

  // NULs at the very end may be a page that a file server has not filled yet, or space that the writer has preallocated. They wait: if
  // nothing ever replaces them, nothing is lost.
  private func countWithoutNULs(_ rest: UnsafeRawBufferPointer, _ encoding: TextEncoding?) -> Int {
    guard let last = rest.lastIndex(where: { $0 != 0 }) else { return 0 }
    let unit = encoding?.unit ?? 1
    return min((last / unit + 1) * unit, rest.count)
  }

  // Hands out a piece of an event that is longer than the block, or skips NULs.
  private func cut(
    _ block: UnsafeRawBufferPointer, atLine lineStart: Int, _ encoding: TextEncoding?, _ unfinished: inout Unfinished?, _ now: Int64,
    _ body: Body
  ) rethrows -> Int {
    let unit = encoding?.unit ?? 1
    let nuls = Self.countNULs(block) / unit * unit
    if nuls > 0 {
      strippedNULCount += nuls / unit
      try body(block.part(0..<0), now, unfinished == nil ? nuls : nil)
      return nuls
    }
    // The incomplete line may be the first of the next event.
    let end = lineStart > 0 ? lineStart : endOfCharacter(in: block, encoding)
    if unfinished == nil { cutEventCount += 1 }
    let timestamp = try emit(block.part(0..<end), encoding, &unfinished, now, end: nil, body)
    unfinished = Unfinished(timestamp: timestamp, isInsideLine: lineStart == 0)
    return end
  }

  // Where the last complete character ends. A CR stays with its LF.
  private func endOfCharacter(in block: UnsafeRawBufferPointer, _ encoding: TextEncoding?) -> Int {
    guard let encoding else {
      let end = Self.wholeCharacters(block)
      return end > 1 && block[end - 1] == 0x0D ? end - 1 : end
    }
    decoded.removeAll()
    let end = encoding.decode(block, isWhole: false, into: decoded).count
    let isAtCR = end > encoding.unit && decoded.bytes.last == 0x0D
    return end == 0 ? block.count : isAtCR ? end - encoding.unit : end
  }

  // The length without an incomplete UTF-8 character at the end; the full length if the end is not UTF-8.
  private static func wholeCharacters(_ bytes: UnsafeRawBufferPointer) -> Int {
    for step in 1..<4 where step < bytes.count {
      let byte = bytes[bytes.count - step]
      if byte & 0xC0 == 0x80 { continue }
      guard let (length, _) = UTF8Scalar.shape(byte), length > step else { break }
      return bytes.count - step
    }
    return bytes.count
  }

  // MARK: - texts and times

  // Hands out an event, or a piece of one if `end` is nil. Returns its time.
  @discardableResult
  private func emit(
    _ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding?, _ unfinished: inout Unfinished?, _ now: Int64, end: Int?,
    _ body: Body
  ) rethrows -> Int64 {
    let (whole, replacements) = decode(bytes, encoding)
    replacementCount += replacements
    var text = tidy(whole)
    var timestamp = now
    if let unfinished {
      timestamp = unfinished.timestamp
    } else if let format {
      let match = format.find(in: Self.firstLine(text), now: now)
      if let check { check.note(hasTime: match != nil, text, lines: isMultiLine && starts == nil ? Self.countLines(text) : 1) }
      if let match {
        timestamp = match.timestamp
        if trimsTimestamp { text = trim(match.range, from: text) }
      }
    }
    // UTF-8 may need more bytes than the encoding of the file.
    if text.count > Self.maximumMessageLength, end != nil, unfinished == nil { cutEventCount += 1 }
    while text.count > Self.maximumMessageLength {
      let length = Self.wholeCharacters(text.part(0..<Self.maximumMessageLength))
      try body(text.part(0..<length), timestamp, nil)
      text = text.part(length..<text.count)
    }
    if end != nil || !text.isEmpty { try body(text, timestamp, end) }
    return timestamp
  }

  private func decode(
    _ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding?
  ) -> (text: UnsafeRawBufferPointer, replacements: Int) {
    guard let encoding else { return (bytes, 0) }
    decoded.removeAll()
    let (_, replacements) = encoding.decode(bytes, into: decoded)
    return (decoded.bytes, replacements)
  }

  // The lines of an event joined with LF: without CRs before it, without NULs or byte order marks before lines, without empty lines at the
  // end.
  private func tidy(_ event: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var text = event.part(strip(event)..<event.count)
    while text.last == 0x0A { text = Self.withoutLineEnd(text) }
    guard isMultiLine, text.firstIndex(of: 0x0A) != nil, text.firstIndex(of: 0x0D) != nil || text.firstIndex(of: 0) != nil else {
      return text
    }
    tidied.removeAll()
    var start = 0
    while let lineFeed = text.firstIndex(of: 0x0A, from: start) {
      appendLine(Self.withoutLineEnd(text.part(start..<(lineFeed + 1))))
      tidied.append(byte: 0x0A)
      start = lineFeed + 1
    }
    appendLine(text.part(start..<text.count))
    return tidied.bytes
  }

  private func appendLine(_ line: UnsafeRawBufferPointer) { tidied.append(line.part(strip(line)..<line.count)) }

  private func trim(_ range: Range<Int>, from text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = range.upperBound
    if end < text.count, text[end] == UInt8(ascii: " ") { end += 1 }
    if range.lowerBound == 0 { return text.part(end..<text.count) }
    trimmed.removeAll()
    trimmed.append(text.part(0..<range.lowerBound))
    trimmed.append(text.part(end..<text.count))
    return trimmed.bytes
  }

  private func forget(_ buffer: ByteBuffer) {
    buffer.removeAll()
    buffer.shrink(to: Self.keptMemory)
  }

  /// U+FEFF in UTF-8. Some programs write it at the start of a file, and files may be concatenated.
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  // How many bytes before a line are not part of it.
  private func strip(_ line: UnsafeRawBufferPointer) -> Int {
    let count = Self.countNULs(line)
    strippedNULCount += count
    if count > 0, encodings.isEmpty, let check { check.note(undecoded: line) }
    return Self.countNoise(line)
  }

  private static func countNoise(_ line: UnsafeRawBufferPointer) -> Int {
    let count = countNULs(line)
    return line.part(count..<line.count).starts(with: mark) ? count + mark.count : count
  }

  private static func countNULs(_ bytes: UnsafeRawBufferPointer) -> Int { bytes.firstIndex { $0 != 0 } ?? bytes.count }

  private static func countLines(_ text: UnsafeRawBufferPointer) -> Int { text.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 } }

  private static func firstLine(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    text.part(0..<(text.firstIndex(of: 0x0A) ?? text.count))
  }

  // Without an LF at the end, and a CR before it.
  private static func withoutLineEnd(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard line.last == 0x0A else { return line }
    let count = line.count - 1
    return line.part(0..<(count > 0 && line[count - 1] == 0x0D ? count - 1 : count))
  }
}
