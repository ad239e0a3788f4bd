internal import Unix

@testable internal import TailCommand

/// A line of journalctl's.
func fuzzJournalEntry(_ input: Bytes) {
  guard let entry = JournalEntry(input) else { return }
  hold(!entry.cursor.isEmpty && entry.time >= 0, "an entry has a cursor and a time")
  _ = JournalUnit(cgroup: "0::/system.slice/a.service")?.wrote(entry)
  let buffer = ByteBuffer()
  buffer.append("before")
  var stamp = JournalStamp()
  let hasText = entry.appendText(to: buffer, &stamp)
  hold(buffer.text.hasPrefix("before"), "what stood there stays")
  hold(hasText == (buffer.count > 6), "text is appended, or nothing")
}
