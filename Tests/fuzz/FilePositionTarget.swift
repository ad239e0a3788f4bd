internal import Config
internal import Unix

@testable internal import TailCommand

/// Resume tokens, as they come back from the state file.
func fuzzPosition(_ input: Bytes) {
  let text = input.text
  if let position = LogPosition(text) {
    hold(position.files.allSatisfy { $0.offset >= 0 && abs($0.modified) <= FileChange.limit }, "numbers have room")
    hold(LogPosition(position.text) == position, "what was written is read back: \(position.text)")
  }
  // Longer names there are not.
  for (log, relation) in input.count <= NAME_MAX ? RotatedNames.origins(of: text) : [] {
    hold(!log.isEmpty && relation.numbers.allSatisfy { $0 >= 0 }, "an older file has a log: \(log)")
  }
  hold(FileName.bytes(FileName.text(Array(input))) == Array(input), "a name is read back as it was")
  if let position = JournalPosition(token: text) {
    hold(JournalPosition(token: position.token) == position, "what was written is read back: \(position.token)")
    let selection = Configuration.Journal().selection
    for origin in [JournalSelection.Origin.cursor(position.cursor), .time(position.time)] {
      let arguments = selection.arguments(from: origin, boot: position.boot, follows: false)
      hold(arguments.allSatisfy { !$0.utf8.contains(0) }, "an argument has no NUL")
    }
    _ = DateTime(milliseconds: position.time / 1000).iso8601
  }
  _ = JournalUnit(cgroup: text)
}
