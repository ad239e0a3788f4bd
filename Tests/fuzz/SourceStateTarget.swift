internal import Records
internal import Unix

/// A line of the state file, of whatever version or damage.
func fuzzSourceState(_ input: Bytes) {
  guard let state = SourceState(input) else { return }
  hold(!state.sourceText.isEmpty, "a state has a source")
  _ = state.positionText
  let line = ByteBuffer()
  state.append(to: line)
  guard let again = SourceState(line.bytes.part(0..<line.count - 1)) else { stop("what was written is read back: \(line.text)") }
  hold(again.source == state.source && again.position == state.position, "source and position are read back")
  let second = ByteBuffer()
  again.append(to: second)
  hold(second.array == line.array, "what was written is written again: \(line.text)")
}
