import Testing

@testable import Config

struct JournalSelectionTests {
  private static func selection(
    _ units: [String] = [], _ priority: JournalSelection.Priority? = nil, _ matches: [[String: String]] = [], namespace: String? = nil
  ) -> JournalSelection {
    var selection = JournalSelection()
    selection.units = units
    selection.priority = priority
    selection.matches = matches
    selection.namespace = namespace
    return selection
  }

  @Test(arguments: [
    (selection(), "journal"), (selection(["ssh", "cron", "ssh"]), "journal:units=cron,ssh"),
    (selection([], .info), "journal:priority=info"), (selection(namespace: "mail"), "journal:namespace=mail"),
    (selection(["a"], .err, namespace: "n"), "journal:namespace=n;units=a;priority=err"),
    (selection(["a"], .err, [["B": "1", "A": "2"], ["A": "1"]]), "journal:units=a;priority=err;matches=A=1|A=2&B=1"),
    (selection([], nil, [["_EXE": "/usr/sbin/sshd"]]), "journal:matches=_EXE=/usr/sbin/sshd"),
  ])
  func namesItsSource(_ selection: JournalSelection, _ source: String) {
    #expect(selection.source == source)
  }

  @Test func theOrderOfTheFileDoesNotMatter() {
    let one = Self.selection(["a b", "c"], .info, [["X": "1 2", "Y": "3"], ["Z": "="]])
    let other = Self.selection(["c", "a b"], .info, [["Z": "="], ["Y": "3", "X": "1 2"]])
    #expect(one.source == other.source)
    #expect(one.source.hasPrefix("journal:"))
  }

  /// Names that would be read alike if they were merely put together.
  @Test func differentSelectionsHaveDifferentNames() {
    let selections = [
      Self.selection(["a,b"]), Self.selection(["a", "b"]), Self.selection(["a;priority=err"]), Self.selection(["a"], .err),
      Self.selection([], nil, [["A": "1&B=2"]]), Self.selection([], nil, [["A": "1", "B": "2"]]),
      Self.selection([], nil, [["A": "1"], ["B": "2"]]), Self.selection([], nil, [["A": "1|B=2"]]),
      Self.selection([], nil, [["A": "x y"], ["B": "2"]]), Self.selection([], nil, [["A": "x y", "B": "2"]]),
      Self.selection([String(repeating: "u", count: 100)]), Self.selection([String(repeating: "u", count: 101)]),
      Self.selection(namespace: "a b"), Self.selection(["a b"], namespace: "n"), Self.selection(["a b"], namespace: "m"),
      Self.selection(["a b"]), Self.selection(["a b"], .debug), Self.selection(["a b"], nil, [["A": "1"]]),
    ]
    #expect(Set(selections.map(\.source)).count == selections.count)
    #expect(selections.allSatisfy { $0.source.utf8.count <= 100 })
  }

  /// Positions are stored under it: a version to come must not call it otherwise.
  @Test func aChecksumStaysWhatItIs() {
    #expect(Self.selection(["a b"], .info).source == "journal:5df5666728253b4a")
  }
}
