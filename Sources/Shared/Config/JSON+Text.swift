internal import Records
package import Unix

extension JSON.Value {
  /// Pretty JSON, two spaces a level, without a final LF.
  package var text: String {
    let buffer = ByteBuffer()
    write(to: buffer, indent: 0)
    return buffer.text
  }

  /// Appends the JSON in one line.
  package func append(to buffer: ByteBuffer) { write(to: buffer, indent: nil) }

  /// - Parameter indent: the level; nil: everything stands in one line.
  private func write(to buffer: ByteBuffer, indent: Int?) {
    let inner = indent.map { $0 + 1 }
    switch self {
    case .list(let elements) where !elements.isEmpty:
      buffer.append("[")
      for (index, element) in elements.enumerated() {
        Self.startLine(index, inner, buffer)
        element.value.write(to: buffer, indent: inner)
      }
      Self.startLine(0, indent, buffer)
      buffer.append("]")
    case .object(let members) where !members.isEmpty:
      buffer.append("{")
      for (index, member) in members.enumerated() {
        Self.startLine(index, inner, buffer)
        JSONText.append(string: member.key, to: buffer)
        buffer.append(indent == nil ? ":" : ": ")
        member.value.value.write(to: buffer, indent: inner)
      }
      Self.startLine(0, indent, buffer)
      buffer.append("}")
    case .text(let text): JSONText.append(string: text, to: buffer)
    case .list: buffer.append("[]")
    case .object: buffer.append("{}")
    case .null, .boolean, .number: buffer.append(word)
    }
  }

  /// A single value without quotes, as a shell wants it.
  package var word: String {
    switch self {
    case .null: "null"
    case .boolean(let truth): truth ? "true" : "false"
    case .number(let number): number.text
    case .text(let text): text
    case .list, .object: text
    }
  }

  private static func startLine(_ index: Int, _ indent: Int?, _ buffer: ByteBuffer) {
    if index > 0 { buffer.append(",") }
    if let indent { buffer.append("\n" + String(repeating: "  ", count: indent)) }
  }
}
