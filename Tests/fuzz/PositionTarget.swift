internal import Unix

@testable internal import TailCommand

/// Resume tokens, as they come back from the state file.
func fuzzPosition(_ input: Bytes) {
  let text = input.text
  if let position = Position(text) {
    hold(position.offset >= 0, "no offset is negative")
    hold(Position(position.text) == position, "what was written is read back: \(position.text)")
  }
  if let position = JournalPosition(token: text) {
    hold(JournalPosition(token: position.token) == position, "what was written is read back: \(position.token)")
    let query = JournalQuery()
    for origin in [JournalQuery.Origin.cursor(position.cursor), .time(position.time)] {
      hold(query.arguments(from: origin, follows: false).allSatisfy { !$0.utf8.contains(0) }, "an argument has no NUL")
    }
    _ = JournalStamp.universal(position.time)
  }
  _ = JournalUnit(cgroup: text)
}
