internal import TestSupport
internal import Unix

@testable internal import Records

/// A state file, of whatever damage: it is read or called damaged, and never keeps us from storing what is true now.
///
/// Behind `slot SEQUENCE` and a line feed the rest is the body of a slot with the right checksum, which no mutation would find.
func fuzzPositionFile(_ input: Bytes) {
  let path = folder.file("positions")
  do {
    try? folder.remove("positions")
    try folder.append("positions", file(input))
    let before = try PositionFile.read(path)
    let file = try PositionFile(path: path)
    if case .sources(let sources) = before {
      guard case .sources(let again) = try PositionFile.read(path) else { stop("what was read is read again") }
      hold(again.map(\.source) == sources.map(\.source), "opening loses no source")
      hold(again.map(\.position) == sources.map(\.position), "opening changes no position")
    }
    for number in 1...3 {
      let state = SourceState(source: Array("/s".utf8), position: Array("p\(number)".utf8), seen: Int64(number))
      let body = ByteBuffer()
      state.append(to: body)
      try file.store(body)
      hold(try PositionFile.read(path) == .sources([state]), "what was stored last is read")
      if number == 2 { try file.synchronize() }
    }
  } catch is CommandError {
    return
  } catch {
    stop("an unreadable state stops nothing: \(error)")
  }
}

private func file(_ input: Bytes) -> [UInt8] {
  let (head, body) = input.split(at: 0x0A)
  let words = head.text.split(separator: " ")
  guard words.count >= 2, words[0] == "slot" else { return Array(input) }
  let start = "\(PositionFile.magic) \(PositionFile.version) \(words[1]) \(body.count) "
  var checksum = Checksum()
  checksum.add(Array(start.utf8))
  checksum.add(body)
  let slot = Array("\(start)\(String(checksum.value, radix: 16))\n".utf8) + Array(body)
  // Of the length of a real file, or cut short.
  let length = words.count == 2 ? PositionFile.slotCount * PositionFile.smallestSlot : slot.count
  return slot + [UInt8](repeating: 0, count: max(length - slot.count, 0))
}

// One for the process; `run` removes it.
nonisolated(unsafe) private let folder: TemporaryFolder = {
  do { return try TemporaryFolder() } catch { stop("a folder can be made: \(error)") }
}()
