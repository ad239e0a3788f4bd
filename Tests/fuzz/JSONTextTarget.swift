internal import Records
internal import TestSupport
internal import Unix

/// Any bytes become the inside of a JSON string and their text again; any inside of a string is read as the toolchain's decoder does.
func fuzzJSONText(_ input: Bytes) {
  let text = input.text
  let escaped = ByteBuffer()
  let result = JSONText.appendEscaped(input, to: escaped)
  hold(result.length == text.utf8.count, "the length is that of the repaired text")
  let quoted = ByteBuffer()
  quoted.append(escaped)
  quoted.append("\"")
  guard let scan = JSONText.scan(quoted.bytes, from: 0) else { stop("what was escaped is not read") }
  hold(scan.end == escaped.count && scan.length == result.length, "the string ends where it was written to")
  hold(unescaped(escaped.bytes) == text, "the text is read back")
  cut(escaped.bytes, text, limit: Int(input.first ?? 0))

  let host = UTF8Scalar.cut(input, limit: 3 + Int(input.first ?? 0))
  hold(host <= input.count && (host > 0 || input.isEmpty), "a piece has something in it")
  hold(input.part(0..<host).text.utf8.count <= 3 + Int(input.first ?? 0), "a piece is within the limit")
  hold(input.part(0..<host).text + input.part(host..<input.count).text == text, "no character is torn")

  // As it may come from others.
  guard let foreign = JSONText.scan(input, from: 0) else { return }
  let inside = input.part(0..<foreign.end)
  let meaning = unescaped(inside)
  hold(meaning.utf8.count == foreign.length, "the length is that of the text")
  hold(foreign.hasEscapes || inside.text == meaning, "without escapes the text is what stands there")
  guard let value = try? JSONValue([0x22] + Array(inside) + [0x22]) else { stop("only JSON is accepted") }
  hold(value.string.map { Array($0.utf8) } == Array(meaning.utf8), "the text is the one that others read")
  cut(inside, meaning, limit: Int(input.first ?? 0))
}

private func cut(_ json: Bytes, _ text: String, limit: Int) {
  let (index, length) = JSONText.cut(json, limit: limit)
  let first = unescaped(json.part(0..<index))
  hold(first.utf8.count == length && length <= limit, "a cut is within the limit")
  hold(Array((first + unescaped(json.part(index..<json.count))).utf8) == Array(text.utf8), "a cut tears nothing")
}

func unescaped(_ json: Bytes) -> String {
  let buffer = ByteBuffer()
  JSONText.appendUnescaped(json, to: buffer)
  return buffer.text
}
