internal import Records
internal import Unix

extension JSON.Value {
  /// Pretty JSON, two spaces a level, without a final LF.
  package var text: String {
    let buffer = ByteBuffer()
    write(to: buffer, indent: 0)
    return buffer.text
  }

  private func write(to buffer: ByteBuffer, indent: Int) {
    switch self {
    case .list(let elements) where !elements.isEmpty:
      buffer.append("[")
      for (index, element) in elements.enumerated() {
        Self.startLine(index, indent + 1, buffer)
        element.value.write(to: buffer, indent: indent + 1)
      }
      Self.startLine(0, indent, buffer)
      buffer.append("]")
    case .object(let members) where !members.isEmpty:
      buffer.append("{")
      for (index, member) in members.enumerated() {
        Self.startLine(index, indent + 1, buffer)
        JSONText.append(string: member.key, to: buffer)
        buffer.append(": ")
        member.value.value.write(to: buffer, indent: indent + 1)
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

  private static func startLine(_ index: Int, _ indent: Int, _ buffer: ByteBuffer) {
    buffer.append(index > 0 ? ",\n" : "\n")
    for _ in 0..<indent { buffer.append("  ") }
  }
}
