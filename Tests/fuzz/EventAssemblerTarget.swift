internal import Config
internal import Unix

@testable internal import TailCommand

/// The first byte chooses the rules, the second how much is read at a time; the rest is the file. It is read to its end as the program
/// does: every byte belongs to exactly one event, and each event is the same in whatever pieces the file is read.
func fuzzEventForm(_ input: Bytes) {
  guard input.count >= 2 else { return }
  let rules = all[Int(input[0]) % all.count]
  let file = input.part(2..<input.count)
  let assembler: EventAssembler
  do { assembler = try EventAssembler(rules) } catch { stop("the rules are good: \(error)") }
  let whole = read(file, assembler, step: max(file.count, 1))
  let inPieces = read(file, assembler, step: 1 + Int(input[1] & 0x3F))
  // Where there is no mark, the order of the bytes is told by what is seen of the file.
  let isGuessed = ["utf-16", "utf-32"].contains(rules.encoding)
  hold(isGuessed || whole == inPieces, "the pieces make no difference:\n\(whole)\n\(inPieces)")
  if rules == EventAssembler.Rules() { hold(whole == lines(file), "each line is an event:\n\(whole)\n\(lines(file))") }
  if input[1] & 0x80 != 0 { cut(file, assembler, size: 4 + Int(input[1] & 0x3F), isQuiet: input[1] & 0x40 != 0) }
}

private let all: [EventAssembler.Rules] = [
  EventAssembler.Rules(),
  EventAssembler.Rules(multiLineStart: .pattern(#"^\S"#)),
  EventAssembler.Rules(timestampFormat: "%Y-%m-%d %H:%M:%S", timezone: .utc),
  EventAssembler.Rules(multiLineStart: .timestamp, timestampFormat: "%b %d %H:%M:%S", timezone: .utc, trimsTimestamp: true),
  EventAssembler.Rules(encoding: "utf-16"),
  EventAssembler.Rules(multiLineStart: .pattern("^[A-Z]"), encoding: "utf-16le"),
  EventAssembler.Rules(timestampFormat: "%H:%M:%S", timezone: .utc, trimsTimestamp: true, encoding: "utf-16be"),
  EventAssembler.Rules(multiLineStart: .timestamp, timestampFormat: "%H:%M", timezone: .utc, encoding: "iso-8859-1"),
  EventAssembler.Rules(encoding: "utf-32"),
  EventAssembler.Rules(multiLineStart: .pattern("x"), encoding: "shift_jis"),
]

private let now: Int64 = 1_795_341_600_000

private struct Event: Equatable {
  let message: [UInt8]
  let timestamp: Int64
}

// Reads more whenever nothing is whole in what was read, until the end.
private func read(_ file: Bytes, _ assembler: EventAssembler, step: Int) -> [Event] {
  var events: [Event] = []
  var unfinished: EventAssembler.Unfinished?
  var start = 0
  var end = min(step, file.count)
  while true {
    let isLast = end == file.count
    let (done, found) = part(file.part(start..<end), assembler, isLast ? .last : .open, &unfinished)
    events += found.map { Event(message: Array($0.0), timestamp: $0.1) }
    hold(unfinished == nil, "nothing is cut that is not too long")
    start += done
    if isLast {
      hold(file.part(start..<file.count).allSatisfy { $0 == 0 }, "nothing is left but zeros")
      return events.filter { !$0.message.isEmpty }
    }
    end = min(end + step, file.count)
  }
}

// Blocks that are full and quiet, of a size that no file has: all gets on, and nothing is left.
private func cut(_ file: Bytes, _ assembler: EventAssembler, size: Int, isQuiet: Bool) {
  var unfinished: EventAssembler.Unfinished?
  var start = 0
  while start < file.count {
    let end = min(start + size, file.count)
    if isQuiet { start += part(file.part(start..<end), assembler, .quiet, &unfinished).done }
    guard start < end else { continue }
    if end == file.count { break }
    let (done, _) = part(file.part(start..<end), assembler, .full, &unfinished)
    hold(done > 0 || end - start < size, "a full block gets on")
    start += done
  }
  let (done, _) = part(file.part(start..<file.count), assembler, .last, &unfinished)
  hold(unfinished == nil && file.part(start + done..<file.count).allSatisfy { $0 == 0 }, "nothing is left but zeros")
}

private func part(
  _ block: Bytes, _ assembler: EventAssembler, _ ending: EventAssembler.InputEnd, _ unfinished: inout EventAssembler.Unfinished?
) -> (done: Int, events: [([UInt8], Int64)]) {
  var events: [([UInt8], Int64)] = []
  var last = 0
  let done = assembler.forEachEvent(in: block, ending, unfinished: &unfinished, now: now) { message, timestamp, end in
    events.append((Array(message), timestamp))
    guard let end else { return }
    hold(end > last && end <= block.count, "the ends of events lie one behind the other")
    last = end
  }
  hold((last...block.count).contains(done), "what is done reaches to the end of the last event")
  return (done, events)
}

// What a plain file says, in the simplest way.
private func lines(_ file: Bytes) -> [Event] {
  var end = file.count
  while end > 0, file[end - 1] == 0 { end -= 1 }
  let pieces = file.part(0..<end).split(separator: 0x0A, omittingEmptySubsequences: false)
  return pieces.enumerated().compactMap { index, piece in
    var line = Array(piece)
    if line.last == 0x0D, index + 1 < pieces.count { line.removeLast() }
    line = Array(line.drop { $0 == 0 })
    if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    return line.isEmpty ? nil : Event(message: line, timestamp: now)
  }
}
