internal import Records
import Testing
@testable internal import PutLogsCommand

@Suite struct StateEvictionTests {
  private func retained(_ sources: [(String, seen: Int64, size: Int)], room: Int) -> [String] {
    let states = sources.map { SourceState(source: Array($0.0.utf8), position: [1], seen: $0.seen) }
    return StateEviction.retained(states, sizes: sources.map(\.size), room: room).map { sources[$0].0 }
  }

  @Test func thoseThatHaveNotMovedForLongestGo() {
    #expect(retained([("/d/a", 3, 10), ("/d/b", 1, 10), ("/d/c", 2, 10)], room: 20) == ["/d/a", "/d/c"])
    #expect(retained([("/d/a", 3, 10), ("/d/b", 1, 10), ("/d/c", 2, 10)], room: 30).count == 3)
    #expect(retained([("/d/a", 3, 10)], room: 0) == [])
    #expect(retained([], room: 10) == [])
  }

  /// A thousand new files in one folder take nothing from an old one in another, or from the journal.
  @Test func whoMakesManyFilesTakesNothingFromOthers() {
    let many = (0..<1000).map { ("/crowd/\($0)", seen: 1000 + Int64($0), size: 10) }
    let kept = retained([("/var/log/syslog", 1, 10), ("journal", 2, 10)] + many, room: 1000)
    #expect(kept.prefix(2) == ["/var/log/syslog", "journal"])
    #expect(kept.count == 100 && kept.last == "/crowd/999")
  }

  @Test func nothingTraps() {
    #expect(retained([("/", .min, .max / 2), ("", .max, 0)], room: .max) == ["/", ""])
  }
}
