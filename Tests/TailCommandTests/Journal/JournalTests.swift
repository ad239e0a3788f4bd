internal import Records
internal import Testing
internal import TestSupport
internal import Unix

@testable internal import Config
@testable internal import TailCommand

/// Against the real `journalctl`.
@Suite(.enabled(if: ScratchJournal.canBeMade, ScratchJournal.comment)) struct JournalTests {
  typealias Entry = ScratchJournal.Entry

  /// Entries 1 to 10 of a boot, 11 to 20 of the next; the even ones are another unit's.
  private static let twoBoots = (1...20).map { number in
    Entry(number, boot: number <= 10 ? 1 : 2, unit: number % 2 == 0 ? "other.service" : "app.service")
  }

  // MARK: - where it begins

  @Test func readsThisBootAsTheOriginalDid() throws {
    let scratch = try ScratchJournal(Self.twoBoots)
    let run = JournalRun(scratch)
    try run.run()
    // Its time is in another test: other tests set the time zone of this process.
    func timeless(_ line: some StringProtocol) -> String { String(line.dropFirst("Nov 25 12:59:06".count)) }
    #expect(try run.messages().map { timeless($0) } == scratch.ask("--boot", "--output=short").split(separator: "\n").map { timeless($0) })
    #expect(try run.records().map(\.timestamp) == (11...20).map { ScratchJournal.time($0) / 1000 })
    #expect(try run.records().allSatisfy { $0.source == "journal" })
    #expect(run.validationErrors.isEmpty)
  }

  @Test func beginsAtTheEndAndRemembersIt() throws {
    let scratch = try ScratchJournal(Self.twoBoots)
    let first = JournalRun(scratch, start: .end)
    try first.run()
    #expect(try first.messages().isEmpty)
    try scratch.add([Entry(21, boot: 2)])
    let second = JournalRun(scratch, start: .end, position: try first.lastPosition())
    try second.run()
    #expect(try second.numbers() == [21])
    #expect(first.validationErrors + second.validationErrors == [])
  }

  @Test func theEndOfAnEmptyJournalIsATime() throws {
    let scratch = try ScratchJournal()
    try scratch.folder.append("var/log/journal/\(ScratchJournal.machine)/user.txt", "")
    let first = JournalRun(scratch, start: .end)
    try first.run()
    #expect(try first.lastPosition().hasSuffix(":"))
    // Long ago; then one that comes later.
    try scratch.add([Entry(1), Entry(1_000_000_000)])
    let second = JournalRun(scratch, start: .end, position: try first.lastPosition())
    try second.run()
    #expect(try second.numbers() == [1_000_000_000])
    #expect(try second.gaps().isEmpty)
  }

  // MARK: - resuming

  @Test(arguments: [false, true])
  func aRebootBetweenLosesNothing(follows: Bool) throws {
    let scratch = try ScratchJournal(Self.twoBoots)
    let run = JournalRun(scratch, position: try scratch.position(at: 8), once: !follows)
    try run.run { try run.numbers().last == 20 }
    #expect(try run.numbers() == Array(9...20))
    #expect(try run.gaps().isEmpty)
    #expect(run.validationErrors.isEmpty)
  }

  @Test func resumesBehindAnyPosition() throws {
    let count = 600
    let scratch = try ScratchJournal((1...count).map { Entry($0, messages: [Array("\(String(repeating: "x", count: 100)) \($0)".utf8)]) })
    let whole = JournalRun(scratch)
    try whole.run()
    #expect(try whole.numbers() == Array(1...count))
    #expect(whole.turns.allSatisfy { $0 < 100_000 })
    let positions = try whole.positions()
    #expect(positions.count > count / 256)
    #expect(positions.last?.events == count)
    for (token, events) in positions {
      let rest = JournalRun(scratch, position: token)
      try rest.run()
      #expect(try rest.numbers() == Array((events + 1)..<(count + 1)))
      #expect(rest.validationErrors.isEmpty)
    }
  }

  @Test func eachTurnEndsWithAPosition() throws {
    let scratch = try ScratchJournal((1...600).map { Entry($0, messages: [Array(repeating: 0x61, count: 1000)]) })
    try scratch.install(Self.faster)
    let run = JournalRun(scratch)
    try run.run()
    #expect(run.turns.count >= 600 / 70)
    #expect(run.turns.allSatisfy { $0 < (1 << 16) + 3000 })
    var end = 0
    for turn in run.turns {
      end += turn
      let last = run.output.array[..<end].split(separator: 0x0A).last
      #expect(try JSONValue(try #require(last))["position"] != nil)
    }
  }

  // journalctl is slower than we are, so that each turn would end by itself.
  private static let faster = "\"$@\" > all; cat all"

  @Test func aTurnIsShortAlsoWhereNothingIsWanted() throws {
    let scratch = try ScratchJournal((1...9000).map { Entry($0, unit: "own.service") })
    try scratch.install(Self.faster)
    try scratch.isIn("own.service")
    let run = JournalRun(scratch)
    try run.run()
    #expect(run.turns.count >= 3)
    #expect(try run.messages().isEmpty)
    #expect(try run.positions().count == run.turns.count)
  }

  @Test func aRecordHasOnePosition() throws {
    let scratch = try ScratchJournal((1...256).map { Entry($0, messages: [[0x61]]) } + [Entry(257, unit: "own.service")])
    try scratch.install(Self.faster)
    try scratch.isIn("own.service")
    let run = JournalRun(scratch)
    try run.run()
    #expect(run.output.text.split(separator: "\n").allSatisfy { $0.split(separator: "\"position\"").count <= 2 })
    #expect(try run.lastPosition() == scratch.position(at: 257))
  }

  @Test func aRemovedEntryIsAGap() throws {
    let scratch = try ScratchJournal()
    try scratch.add((1...10).map { Entry($0) }, to: "old")
    try scratch.add((11...20).map { Entry($0) })
    let position = try scratch.position(at: 5)
    try scratch.vacuum("old")
    let run = JournalRun(scratch, position: position)
    try run.run()
    #expect(try run.numbers() == Array(11...20))
    let gap = "journal: the entry at which it was left (2023-11-14 22:13:25 UTC) is gone; what followed may be lost"
    #expect(try run.messages().first == "cw-tail: \(gap)")
    #expect(try run.records().first?.timestamp == ScratchJournal.time(11) / 1000)
    #expect(run.validationErrors == ["\(gap); see SystemMaxUse in journald.conf(5)"])
    let next = JournalRun(scratch, position: try run.lastPosition())
    try next.run()
    #expect(try next.messages().isEmpty, "said once")
    #expect(next.validationErrors.isEmpty)
  }

  @Test func aRemovedEntryWithNothingBehindItIsSaidOnce() throws {
    let scratch = try ScratchJournal()
    try scratch.add([Entry(5)], to: "new")
    try scratch.add([Entry(1)])
    let position = try scratch.position(at: 5)
    try scratch.vacuum("new")
    let first = JournalRun(scratch, position: position)
    try first.run()
    #expect(try first.gaps().count == 1)
    #expect(try first.events().isEmpty)
    try scratch.add([Entry(6)])
    let second = JournalRun(scratch, position: try first.lastPosition())
    try second.run()
    #expect(try second.messages().count == 1)
    #expect(try second.numbers() == [6])
  }

  /// Rotation and vacuuming while the reader stalls, by a writer of far more than a pipe holds.
  @Test func whatIsVacuumedWhileTheReaderStallsIsAGap() throws {
    let scratch = try ScratchJournal()
    try scratch.add((1...10).map { Entry($0) }, to: "a")
    let run = JournalRun(scratch, once: false)
    try run.run { try run.numbers().count == 10 && run.journal.phase == .following }
    let filler = String(repeating: "x", count: 500)
    for (file, first) in [("a", 11), ("b", 1011), ("c", 2011), ("d", 3011)] {
      try scratch.add((first..<(first + 1000)).map { Entry($0, messages: [Array("\(filler) \($0)".utf8)]) }, to: file)
    }
    for file in ["a", "b", "c"] { try scratch.vacuum(file) }
    try run.run { try run.numbers().last == 4010 }
    let numbers = try run.numbers()
    #expect(Set(numbers).count == numbers.count, "nothing comes twice")
    #expect(numbers == numbers.sorted())
    // How far journalctl has come in the file that goes is its own affair; what it has not read is told, once, in its place.
    let last = try #require(numbers.last { $0 <= 1010 })
    #expect(numbers == Array(1...last) + Array(3011...4010))
    #expect(try run.messages()[last].hasPrefix("cw-tail: journal: the entry at which it was left"))
    #expect(try run.gaps().count == 1)
    #expect(run.validationErrors.count == 1)
    #expect(run.validationErrors.first?.contains("is gone; what followed may be lost") == true)
  }

  /// A user's first file begins while `journalctl` works off another: what it holds is older than what comes next from there.
  @Test func aFileThatAppearsWhileTheReaderStallsIsReadInItsPlace() throws {
    let scratch = try ScratchJournal()
    let filler = String(repeating: "x", count: 500)
    func entries(_ numbers: some Sequence<Int>) -> [Entry] {
      numbers.map { Entry($0, messages: [Array("\(filler) \($0)".utf8)]) }
    }
    try scratch.add(entries((1...1000).filter { $0 % 2 == 0 }))
    let run = JournalRun(scratch, once: false)
    try run.run { !run.turns.isEmpty }
    try scratch.add(entries((1001...3000).filter { $0 % 2 == 0 }))
    try scratch.add(entries((1001...3000).filter { $0 % 2 == 1 }), to: "user-1000")
    try run.run { try run.numbers().count == 2500 }
    try scratch.add(entries([3001]))
    try run.run { try run.numbers().last == 3001 }
    #expect(try run.numbers() == (1...1000).filter { $0 % 2 == 0 } + Array(1001...3001))
    #expect(try run.gaps().isEmpty)
  }

  @Test func eachFileThatIsRotatedIsReadOnce() throws {
    let scratch = try ScratchJournal([Entry(1)])
    let run = JournalRun(scratch, once: false)
    for number in 2...8 {
      try scratch.folder.rename(
        "var/log/journal/\(ScratchJournal.machine)/system.journal", to: "var/log/journal/\(ScratchJournal.machine)/old\(number).journal")
      try scratch.add([Entry(number)])
      try run.run { try run.numbers().last == number }
    }
    #expect(try run.numbers() == Array(1...8))
    #expect(run.validationErrors.isEmpty)
  }

  /// Entries 1 to 4 of a boot, the last two in a user's file; 5 to 8 of the next, whose clock is an hour behind.
  private static func clockBehind() throws -> ScratchJournal {
    let scratch = try ScratchJournal((1...2).map { Entry($0) })
    try scratch.add((3...4).map { Entry($0) }, to: "user-1000")
    var later = (5...8).map { Entry($0, boot: 2) }
    for index in later.indices { later[index].behind = 3600 }
    try scratch.add(later)
    return scratch
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8], [false, true])
  func aBootWhoseClockIsBehindIsReadFromItsStart(position: Int, follows: Bool) throws {
    let scratch = try Self.clockBehind()
    let token = try scratch.position(at: position)
    let run = JournalRun(scratch, position: token, once: !follows)
    let expected = Array((position + 1)..<9)
    if follows {
      try run.run { try run.numbers().count >= expected.count && run.journal.phase == .following }
      var entry = Entry(9, boot: 2)
      entry.behind = 3600
      try scratch.add([entry])
      try run.run { try run.numbers().last == 9 }
    } else {
      try run.run()
    }
    #expect(try run.numbers() == expected + (follows ? [9] : []))
    #expect(run.validationErrors.isEmpty)
    #expect(try run.gaps().isEmpty)
    let next = JournalRun(scratch, position: try run.positions().last?.token ?? token)
    try next.run()
    #expect(try next.messages().isEmpty, "nothing is repeated")
  }

  @Test func startsAtTheEndOfTheBootWhoseClockIsBehind() throws {
    let scratch = try Self.clockBehind()
    let run = JournalRun(scratch, start: .end)
    try run.run()
    #expect(try run.messages().isEmpty)
    #expect(try run.lastPosition() == scratch.position(at: 8))
  }

  @Test(arguments: [2, 4])
  func bootsBetweenAreReadOneAfterTheOther(position: Int) throws {
    let scratch = try ScratchJournal((1...2).map { Entry($0) })
    try scratch.add([Entry(3), Entry(4)], to: "user-1000")
    try scratch.add([Entry(5, boot: 2), Entry(7, boot: 3), Entry(9, boot: 4)])
    try scratch.add([Entry(6, boot: 2), Entry(8, boot: 3)], to: "user-1000")
    try scratch.boot(4)
    let run = JournalRun(scratch, position: try scratch.position(at: position))
    try run.run()
    #expect(try run.numbers() == Array((position + 1)...9))
    #expect(run.validationErrors.isEmpty)
  }

  @Test func aBootOfWhichNothingIsThereYetIsWaitedFor() throws {
    let scratch = try ScratchJournal((1...3).map { Entry($0) })
    try scratch.boot(2)
    let run = JournalRun(scratch, position: try scratch.position(at: 2), once: false)
    try run.run { try run.numbers() == [3] && run.journal.phase == .following }
    try scratch.add([Entry(4, boot: 2)])
    try run.run { try run.numbers().last == 4 }
    #expect(try run.numbers() == [3, 4])
    #expect(run.validationErrors.isEmpty)
  }

  /// The last selected entry is old and vacuumed, but nothing is missing.
  @Test func theLastEntryOfAQuietUnitMayGo() throws {
    let scratch = try ScratchJournal()
    try scratch.add([Entry(1), Entry(2, unit: "other.service")], to: "old")
    try scratch.add([Entry(3, unit: "other.service")])
    let query = JournalSelection(units: ["app.service"])
    let first = JournalRun(scratch, query)
    try first.run()
    #expect(try first.numbers() == [1])
    #expect(try first.lastPosition() == scratch.position(at: 3))
    try scratch.vacuum("old")
    try scratch.add([Entry(4)])
    let second = JournalRun(scratch, query, position: try first.lastPosition())
    try second.run()
    #expect(try second.numbers() == [4])
    #expect(second.validationErrors.isEmpty)
  }

  @Test(arguments: [8, 9, 10])
  func aUnitsEntriesAreFoundBehindAnothersCursor(position: Int) throws {
    let scratch = try ScratchJournal(Self.twoBoots)
    let run = JournalRun(scratch, JournalSelection(units: ["app.service"]), position: try scratch.position(at: position))
    try run.run()
    #expect(try run.numbers() == [9, 11, 13, 15, 17, 19].filter { $0 > position })
    #expect(try run.gaps().isEmpty)
  }

  @Test(arguments: ["garbage", "s=1;i=zz", "--version", "", "\n"])
  func aCursorThatMeansNothingFallsBackToTheTime(cursor: String) throws {
    let scratch = try ScratchJournal((1...10).map { Entry($0) })
    let position = JournalPosition(cursor: cursor, time: ScratchJournal.time(5)).token
    let run = JournalRun(scratch, position: position)
    try run.run()
    // A second before, since an entry too many is better than one too few; the time alone is a position of ours.
    #expect(try run.numbers() == Array((cursor.isEmpty ? 5 : 4)...10))
    #expect(try run.gaps().count == (cursor.isEmpty ? 0 : 1))
    #expect(run.validationErrors.count == (cursor.isEmpty ? 0 : 1))
  }

  @Test func aDamagedPositionIsNotTheEnd() throws {
    let scratch = try ScratchJournal((1...3).map { Entry($0) })
    let run = JournalRun(scratch, start: .end, position: "2:what")
    try run.run()
    #expect(try run.numbers() == [1, 2, 3])
    #expect(try run.messages().first == "cw-tail: journal: it is not known where it was left")
    #expect(run.validationErrors.count == 1)
  }

  // MARK: - what is wanted

  @Test(
    arguments: [
      (JournalSelection(units: ["other.service"]), [12, 14, 16, 18, 20]),
      (JournalSelection(units: ["o*.service", "app.service"]), Array(11...20)),
      (JournalSelection(priority: .err), [11, 16, 17, 18, 19]), (JournalSelection(priority: .emerg), [16]),
      (JournalSelection(matches: [["PRIORITY": "3"], ["PRIORITY": "4", "_SYSTEMD_UNIT": "other.service"]]), [11, 12, 19, 20]),
      (JournalSelection(matches: [["PRIORITY": "3", "_SYSTEMD_UNIT": "other.service"]]), []),
      (
        JournalSelection(units: ["app.service"], priority: .notice, matches: [["PRIORITY": "3"], ["PRIORITY": "5"], ["PRIORITY": "4"]]),
        [11, 13, 19]
      ),
    ] as [(JournalSelection, [Int])])
  func selects(query: JournalSelection, numbers: [Int]) throws {
    let run = JournalRun(try ScratchJournal(Self.twoBoots), query)
    try run.run()
    #expect(try run.numbers() == numbers)
  }

  @Test func leavesOutTheLinesOfItsOwnUnit() throws {
    let scratch = try ScratchJournal(Self.twoBoots)
    try scratch.isIn("other.service")
    let run = JournalRun(scratch)
    try run.run()
    #expect(try run.numbers() == [11, 13, 15, 17, 19])
    #expect(try run.lastPosition() == scratch.position(at: 20), "they are done, all the same")
  }

  // MARK: - messages

  @Test func messagesOfAllKinds() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
    let forged = "inject\n{\"source\":\"/x\",\"position\":\"9\",\"timestamp\":1,\"message\":\"forged\"}\n\nend"
    let scratch = try ScratchJournal([
      Entry(1, messages: [long]), Entry(2, messages: [[0xFF, 0x00, 0x62, 0x1B]]), Entry(3, messages: [Array("one".utf8), [0x74, 0xFF]]),
      Entry(4, messages: [[]]), Entry(5, messages: []), Entry(6, messages: [Array(forged.utf8)]),
      Entry(7, messages: [Array("späť \u{1F600}\t\"\\".utf8)], fields: [("SYSLOG_IDENTIFIER", "two")]), Entry(8, messages: [[]]),
    ])
    let run = JournalRun(scratch)
    try run.run()
    let texts = try run.messages().map { String($0.drop { $0 != ":" }.dropFirst(7)) }
    #expect(
      texts
        == [
          "pi app[42]: " + String(decoding: long, as: UTF8.self), "pi app[42]: \u{FFFD}\0b\u{1B}", "pi app[42]: one\nt\u{FFFD}",
          "pi app[42]: \(forged)", texts.last ?? "",
        ].map { $0 })
    #expect(texts.last?.hasSuffix("[42]: späť \u{1F600}\t\"\\") == true)
    #expect(try run.lastPosition() == scratch.position(at: 8))
    #expect(run.validationErrors.isEmpty)
  }

  @Test func aLongMessageIsCutIntoEvents() throws {
    let message = Array(String(repeating: "€uro ", count: 400_000).utf8)
    let scratch = try ScratchJournal([Entry(1, messages: [message]), Entry(2)])
    let run = JournalRun(scratch)
    try run.run()
    let pieces = try run.messages().dropLast()
    #expect(pieces.count == 3)
    #expect(pieces.allSatisfy { $0.utf8.count <= 1_048_550 })
    #expect(pieces.joined().utf8.suffix(message.count).elementsEqual(message))
    #expect(try run.messages().last?.hasSuffix("entry 2") == true)
  }

  @Test func anEntryThatIsTooLongIsLeftOutAndSaid() throws {
    let scratch = try ScratchJournal([Entry(1), Entry(2, messages: [[UInt8](repeating: 0xFF, count: 2_500_000)]), Entry(3)])
    let run = JournalRun(scratch)
    try run.run()
    #expect(try run.numbers() == [1, 3])
    #expect(try run.messages()[1] == "cw-tail: journal: an entry of more than 7340032 bytes as JSON is left out")
    #expect(run.validationErrors == ["journal: an entry of more than 7340032 bytes as JSON is left out"])
  }

  // MARK: - following

  @Test func followsWhatIsNew() throws {
    let scratch = try ScratchJournal([Entry(1), Entry(2)])
    let run = JournalRun(scratch, once: false)
    try run.run { try run.numbers().count == 2 }
    for number in 3...5 {
      try scratch.add([Entry(number)])
      try run.run { try run.numbers().count == number }
    }
    #expect(try run.numbers() == [1, 2, 3, 4, 5])
    #expect(try run.positions().last?.events == 5)
    #expect(run.validationErrors.isEmpty)
  }

  @Test func goesOnWhereItWasWhenItsChildIsKilled() throws {
    let scratch = try ScratchJournal((1...3).map { Entry($0) })
    let run = JournalRun(scratch, once: false)
    try run.run { try run.numbers().count == 3 && (scratch.calls().last?.contains("--follow") ?? false) }
    try scratch.add([Entry(4)])
    try run.run { try run.numbers().count == 4 }
    let text = String(decoding: try TextFile.read(scratch.folder.file("pid")), as: UTF8.self)
    let processId = try #require(pid_t(text.dropLast()))
    try #require(kill(processId, SIGKILL) == 0)
    try scratch.add([Entry(5)])
    try run.run { try run.numbers().count == 5 }
    try scratch.add([Entry(6)])
    try run.run { try run.numbers().count == 6 }
    #expect(try run.numbers() == [1, 2, 3, 4, 5, 6])
    #expect(run.validationErrors == ["journalctl was ended by signal 9; it is started again and goes on where it stopped"])
    #expect(try run.gaps().isEmpty)
  }

  @Test(arguments: [0, 1, 500, 1000, 2000, 3001])
  func halfALineOfAChildThatDiedIsNoEntry(bytes: Int) throws {
    let scratch = try ScratchJournal((1...20).map { Entry($0) })
    let dies = "[ -e died ] && exec \"$@\"; touch died; \"$@\" | head -c \(bytes); exit 1"
    try scratch.install("case $* in *--lines=1*) exec \"$@\" ;; esac; \(dies)")
    let run = JournalRun(scratch)
    try run.run()
    #expect(try run.numbers() == Array(1...20))
    #expect(run.validationErrors == ["journalctl ended with exit status 1; it is started again and goes on where it stopped"])
  }

  @Test func aJournalctlThatFailsDoesNotCostThePosition() throws {
    let scratch = try ScratchJournal((1...10).map { Entry($0) })
    // As without permission, and then with it again.
    try scratch.install("[ -e works ] && exec \"$@\"; [ -e failed ] && touch works; touch failed; exit 1")
    let run = JournalRun(scratch, position: try scratch.position(at: 5))
    try run.run()
    #expect(try run.numbers() == Array(6...10))
    #expect(try run.gaps().isEmpty)
  }

  @Test func onceGivesUpWhenJournalctlGoesOnFailing() throws {
    let scratch = try ScratchJournal([Entry(1)])
    try scratch.install("exit 7")
    let run = JournalRun(scratch)
    try run.run()
    #expect(try run.records().isEmpty)
    #expect(run.validationErrors.count == 2)
    #expect(run.validationErrors.last == "journalctl ended with exit status 7; the rest of the journal is read by the next run")
  }

  @Test func nothingIsReadWhileNobodyAsks() throws {
    let scratch = try ScratchJournal((1...2000).map { Entry($0, messages: [Array(repeating: 0x61, count: 500)]) })
    try scratch.install("\"$@\"; case $* in *--lines=1*) ;; *) touch written ;; esac")
    let run = JournalRun(scratch)
    try run.run { !run.turns.isEmpty }
    usleep(200_000)
    #expect(access(scratch.folder.file("written"), F_OK) != 0, "journalctl waits at its full pipe")
    try run.run()
    #expect(try run.events().count == 2000)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func whatItMayNotReadIsNoGap() throws {
    let scratch = try ScratchJournal([Entry(1)])
    try scratch.add([Entry(2)], to: "user-1000")
    let position = try scratch.position(at: 1)
    let file = scratch.folder.file("var/log/journal/\(ScratchJournal.machine)/system.journal")
    try #require(chmod(file, 0) == 0)
    let run = JournalRun(scratch, position: position)
    try run.run()
    #expect(try run.records().isEmpty, "with permission the next run goes on from where this one began")
    #expect(run.validationErrors.first == "this user sees only its own entries of the journal; add it to the group systemd-journal or adm")
    try #require(chmod(file, 0o600) == 0)
    let next = JournalRun(scratch, position: position)
    try next.run()
    #expect(try next.numbers() == [2])
    #expect(next.validationErrors.isEmpty)
  }

  // MARK: - no journal

  @Test func saysThatTheJournalIsInMemoryOnly() throws {
    let scratch = try ScratchJournal(place: "run", [Entry(1)])
    let run = JournalRun(scratch)
    try run.run()
    #expect(try run.numbers() == [1])
    #expect(
      run.validationErrors == [
        "the journal is kept in memory only, and what is not sent before a reboot is lost; mkdir /var/log/journal keeps it"
      ])
  }
}

/// Where there is no `journalctl`, or nothing for it to read.
@Suite struct NoJournalTests {
  @Test(arguments: [true, false])
  func isOverWithOneWarning(hasFolder: Bool) throws {
    let folder = try TemporaryFolder()
    if hasFolder { for part in ["var", "var/log", "var/log/journal", "var/log/journal/machine"] { try folder.makeFolder(part) } }
    var validationErrors: [String] = []
    let journal = Journal(
      JournalSelection(), start: .start, position: nil, once: false, program: "/nonexistent/journalctl", root: folder.path,
      onTrouble: { validationErrors.append($0) })
    let writer = LogRecordWriter(buffer: ByteBuffer())
    #expect(try journal.read(into: writer) == false)
    #expect(journal.isOver)
    #expect(journal.descriptor == nil)
    #expect(writer.buffer.isEmpty)
    #expect(validationErrors.count == 1)
    #expect(validationErrors.first?.hasPrefix("no journal here (") == true)
    #expect(try journal.read(into: writer) == false)
    #expect(validationErrors.count == 1)
  }

  @Test(arguments: [false, true])
  func aNamespaceMayComeLater(once: Bool) throws {
    let folder = try TemporaryFolder()
    for part in ["var", "var/log", "var/log/journal", "var/log/journal/machine"] { try folder.makeFolder(part) }
    var validationErrors: [String] = []
    let journal = Journal(
      JournalSelection(namespace: "mail"), start: .start, position: nil, once: once, program: "/nonexistent/journalctl",
      root: folder.path, onTrouble: { validationErrors.append($0) })
    let writer = LogRecordWriter(buffer: ByteBuffer())
    for _ in 0..<2 { #expect(try journal.read(into: writer) == false) }
    #expect(journal.isOver == once)
    let later = "there is no journal of the namespace mail yet; it is read when it comes"
    let never =
      "no journal here (there is nothing in /var/log/journal and /run/log/journal in a folder that ends with .mail); it is not followed"
    #expect(validationErrors == [once ? never : later])
  }

  @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (Int.max, 60)] as [(Int, Int64)])
  func waitsLongerAndLonger(failures: Int, seconds: Int64) { #expect(Journal.delay(failures) == seconds * 1_000_000_000) }
}
