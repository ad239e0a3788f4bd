internal import Testing
internal import TestSupport

@testable internal import TailCommand

@Suite struct JournalPositionTests {
  @Test(
    arguments: [
      (JournalPosition(cursor: "s=1;i=2:3", time: 255), "1:ff:s=1;i=2:3"), (JournalPosition(cursor: "", time: 0), "1:0:"),
      (JournalPosition(cursor: "c", time: Int64.max), "1:7fffffffffffffff:c"),
    ])
  func isWrittenAndRead(position: JournalPosition, token: String) {
    #expect(position.token == token)
    #expect(JournalPosition(token: token) == position)
  }

  @Test(arguments: ["", "1", "1:", "1:ff", "2:ff:c", ":ff:c", "1::c", "1:xyz:c", "1:-1:c", "1:8000000000000000:c", "1:ff:a\0b", "801:1f:5"])
  func refusesWhatItDoesNotKnow(token: String) { #expect(JournalPosition(token: token) == nil) }

  @Test func readsNothingElseOutOfNoise() {
    var random = SeededGenerator(7)
    for _ in 0..<5000 {
      let token = String(decoding: random.bytes(count: random.pick(0...12)), as: UTF8.self)
      guard let position = JournalPosition(token: token) else { continue }
      #expect(JournalPosition(token: position.token) == position)
    }
  }
}
