package import Unix

/// What is remembered of one source: how far it is delivered, and what became of its events.
package struct SourceState: Equatable {
  /// As it stands in records, between the quotes (JSON escapes and all).
  package var source: [UInt8]
  /// Likewise; opaque to all but `cw-tail`.
  package var position: [UInt8]
  /// When this position was reported last, in milliseconds since the epoch.
  package var seen: Int64
  /// Events that CloudWatch has accepted, since this state began.
  package var delivered: Int64 = 0
  /// Events that CloudWatch has refused for good.
  package var refused: Int64 = 0
  /// How often lines were lost before they could be read.
  package var gaps: Int64 = 0
  /// What went wrong last, for a person, and when.
  package var lastError: String?
  package var lastErrorTime: Int64 = 0

  /// Of a source with no counts yet; `source` and `position` escaped, `seen` in milliseconds since the epoch.
  package init(source: [UInt8], position: [UInt8], seen: Int64) {
    self.source = source
    self.position = position
    self.seen = seen
  }

  /// CloudWatch Logs takes nothing that is older, so nothing of use is forgotten ("PutLogEvents": 14 days).
  package static let lifetime: Int64 = 14 * 24 * 3600 * 1000

  /// The source's name as people know it.
  package var sourceText: String { Self.unescaped(source) }
  package var positionText: String { Self.unescaped(position) }

  /// The escaped form of a text, for a state that is made from nothing.
  package static func escaped(_ text: String) -> [UInt8] {
    let buffer = ByteBuffer()
    JSONText.append(string: text, to: buffer)
    return Array(buffer.array.dropFirst().dropLast())
  }

  private static func unescaped(_ bytes: [UInt8]) -> String {
    let buffer = ByteBuffer()
    bytes.withUnsafeBytes { JSONText.appendUnescaped($0, to: buffer) }
    return buffer.text
  }

  /// One line of the state file, with its LF.
  package func append(to buffer: ByteBuffer) {
    buffer.append("{\"source\":\"")
    buffer.append(source)
    buffer.append("\",\"position\":\"")
    buffer.append(position)
    buffer.append("\",\"seen\":")
    buffer.append(decimal: seen)
    buffer.append(",\"delivered\":")
    buffer.append(decimal: delivered)
    buffer.append(",\"refused\":")
    buffer.append(decimal: refused)
    if gaps != 0 {
      buffer.append(",\"gaps\":")
      buffer.append(decimal: gaps)
    }
    if let lastError {
      buffer.append(",\"error\":")
      JSONText.append(string: lastError, to: buffer)
      buffer.append(",\"errorTime\":")
      buffer.append(decimal: lastErrorTime)
    }
    buffer.append("}\n")
  }

  /// Reads such a line; unknown keys are stepped over. Nil if it is none.
  /// - Parameter isChange: the position may be empty, which says that the source is forgotten.
  package init?(_ line: UnsafeRawBufferPointer, isChange: Bool = false) {
    var hasPosition = false
    guard var object = ObjectScanner(line) else { return nil }
    self.init(source: [], position: [], seen: 0)
    while let key = object.nextKey() {
      let isValid =
        switch key.text {
        case "source": object.string().map { source = Array($0.bytes) } != nil
        case "position": object.string().map { position = Array($0.bytes) } != nil
        case "seen": object.integer().map { seen = $0 } != nil
        case "delivered": object.integer().map { delivered = $0 } != nil
        case "refused": object.integer().map { refused = $0 } != nil
        case "gaps": object.integer().map { gaps = $0 } != nil
        case "error": object.string().map { lastError = Self.unescaped(Array($0.bytes)) } != nil
        case "errorTime": object.integer().map { lastErrorTime = $0 } != nil
        default: object.skipValue()
        }
      guard isValid else { return nil }
      if key.equals("position") { hasPosition = isChange || !position.isEmpty }
    }
    guard object.isComplete, !source.isEmpty, hasPosition else { return nil }
  }
}
