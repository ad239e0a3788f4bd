internal import TestSupport
import Testing
internal import Unix

@testable internal import Delivery

@Suite struct SpoolTests {
  let host: SpoolFolder

  init() throws { host = try SpoolFolder() }

  @Test func recordsComeInOrderWhileTheyAreTaken() throws {
    let spool = try host.open()
    #expect(spool.nextText() == nil)
    spool.append("one")
    spool.append("")
    #expect(spool.rest() == ["one", ""])
    spool.flush()
    spool.append("two")
    #expect(spool.waiting == 3 && spool.unstored == 1)
    spool.flush()
    spool.append("three")
    #expect(spool.rest() == ["two", "three"])
    #expect(spool.nextText() == nil)
    #expect(spool.waiting == 4 && spool.unstored == 1)
    #expect(host.warnings.isEmpty)
  }

  @Test func whatIsStoredComesAgainInTheNextRunUnlessItIsSettled() throws {
    var spool: Spool? = try host.open()
    (1...5).forEach { spool?.append("\($0)") }
    #expect(spool?.nextText() == "1")
    #expect(spool?.nextText() == "2")
    if let position = spool?.position { spool?.acknowledge(upTo: position) }
    spool?.flush()
    spool?.turn(now: host.now)
    // As after a kill: nothing is closed.
    spool = nil
    let next = try host.open()
    #expect(next.waiting == 3)
    next.append("6")
    #expect(next.rest() == ["3", "4", "5", "6"])
    next.acknowledge(upTo: next.position)
    next.close()
    #expect(next.waiting == 0)
    #expect(try host.names() == ["lock"])
  }

  @Test func withoutTheHintEverythingComesAgain() throws {
    for damage in ["cw-spool 1 1 999999999 0\n", "cw-spool 1 99999 0 cbf29ce484222325\n", "", "\u{0}\u{0}"] {
      let host = try SpoolFolder()
      var spool: Spool? = try host.open()
      (1...3).forEach { spool?.append("\($0)") }
      _ = spool?.nextText()
      if let position = spool?.position { spool?.acknowledge(upTo: position) }
      spool?.flush()
      spool?.turn(now: host.now)
      spool = nil
      try host.overwrite("\(host.path)/acknowledged", Array(damage.utf8))
      #expect(try host.open().rest() == ["1", "2", "3"])
    }
  }

  /// A hint tells what need not be sent again of its own segment, never that data is not there.
  @Test func aHintOfALaterSegmentHidesNothing() throws {
    var spool: Spool? = try host.open()
    spool?.append("kept")
    spool?.flush()
    spool = nil
    let files = SpoolFiles(directory: host.path)
    let hint = try #require(files.openHint())
    try files.write(.init(acknowledged: .init(sequence: 700, offset: 1 << 20)), to: hint)
    close(hint)
    let next = try host.open()
    next.append("new")
    next.flush()
    #expect(next.rest() == ["kept", "new"])
    #expect(try host.segments().last == "\(host.path)/0000000000000701.spool")
  }

  @Test func segmentsEndAtAMebibyteAndGoWhenTheyAreSettled() throws {
    let spool = try host.open()
    let line = [UInt8](repeating: 0x61, count: 1000)
    for _ in 0..<5 {
      (0..<800).forEach { _ in spool.append(line) }
      spool.flush()
    }
    #expect(try host.segments().count == 4)
    let areAll = (0..<2000).allSatisfy { _ in spool.nextBytes() == line }
    #expect(areAll)
    spool.acknowledge(upTo: spool.position)
    #expect(try host.segments().count == 3)
    #expect(spool.waiting == 2000)
    while spool.next() != nil {}
    spool.acknowledge(upTo: spool.position)
    #expect(spool.waiting == 0)
    // The one that is written to stays until the end.
    #expect(try host.segments().count == 1)
    spool.close()
    #expect(try host.names() == ["lock"])
  }

  @Test func aFullSpoolTakesNoMoreUntilSomethingIsSettled() throws {
    let spool = try host.open(maximumSize: Spool.smallestSize)
    let line = [UInt8](repeating: 0x61, count: 100_000)
    while !spool.isFull {
      spool.append(line)
      spool.flush()
    }
    let sizes = try host.segments().map { try TextFile.read($0).count }
    #expect(sizes.reduce(0, +) + Spool.margin <= Spool.smallestSize + line.count + 4096)
    var count = 0
    while spool.isFull, spool.next() != nil {
      count += 1
      spool.acknowledge(upTo: spool.position)
    }
    #expect(!spool.isFull && count > 0 && spool.dropped == 0)
  }

  @Test func theOldestThatNobodySendsIsDroppedIfThatIsWanted() throws {
    let spool = try host.open(maximumSize: Spool.smallestSize, overflow: .dropOldest)
    let count = 150
    var handedOut: [Int] = []
    for number in 0..<count {
      spool.append([UInt8(number)] + [UInt8](repeating: 0, count: 100_000))
      spool.flush()
      if number == 0 { handedOut.append(contentsOf: numbers(spool)) }
      #expect(!spool.isFull)
    }
    #expect(host.warnings.count == 1 && host.warnings[0].contains("of the oldest events were dropped"))
    let rest = numbers(spool)
    handedOut += rest
    #expect(handedOut.count + spool.dropped == count)
    #expect(handedOut.first == 0 && handedOut.last == count - 1 && handedOut == handedOut.sorted())
    #expect(Array(rest.suffix(30)) == Array(count - 30..<count))
    spool.acknowledge(upTo: spool.position)
    spool.close()
    #expect(host.warnings.count == 2)
    #expect(spool.waiting == 0)
  }

  private func numbers(_ spool: Spool) -> [Int] {
    var numbers: [Int] = []
    while let record = spool.next() { numbers.append(Int(record[0])) }
    return numbers
  }

  @Test func waitingDoesNotCountWhatWasDropped() throws {
    let spool = try host.open(maximumSize: Spool.smallestSize, overflow: .dropOldest)
    for _ in 0..<300 {
      spool.append([UInt8](repeating: 0x61, count: 100_000))
      spool.flush()
    }
    #expect(spool.dropped > 0)
    #expect(spool.waiting + spool.dropped == 300)
    spool.close()
  }

  @Test func recordsOfSomebodyElseAreNotTakenOver() throws {
    var spool: Spool? = try host.open(label: "group\nstream")
    spool?.append("theirs")
    spool?.close()
    spool = nil
    let error = thrown(Spool.ForeignRecords.self) { _ = try host.open(label: "other") }
    #expect(error?.label == Array("group\nstream".utf8))
    spool = try host.open(label: "group\nstream")
    #expect(spool?.rest() == ["theirs"])
    if let position = spool?.position { spool?.acknowledge(upTo: position) }
    spool?.close()
    spool = nil
    #expect(try host.open(label: "other").nextText() == nil)
  }

  @Test func aSpoolOfALaterVersionIsRefused() throws {
    let buffer = ByteBuffer()
    _ = buffer.reserve(SpoolRecord.headerLength)
    buffer.advance(SpoolRecord.headerLength)
    buffer.append(byte: 2)
    SpoolRecord.seal(buffer, from: 0, kind: .label, .init(segment: 1, start: 0))
    try host.open().close()
    try host.overwrite("\(host.path)/0000000000000001.spool", buffer.array)
    #expect(thrown(CommandError.self) { _ = try host.open() }?.status == .badConfiguration)
    #expect(try host.segments().count == 1)
  }

  @Test func aSegmentWithoutAWholeRecordIsKeptAsBad() throws {
    try host.open().close()
    try host.overwrite("\(host.path)/0000000000000007.spool", Array("no record of ours".utf8))
    try host.overwrite("\(host.path)/0000000000000008.spool", [])
    let spool = try host.open()
    spool.append("new")
    spool.flush()
    #expect(spool.rest() == ["new"])
    #expect(try host.names().filter { $0 != "lock" && $0 != "acknowledged" } == ["0000000000000007.bad", "0000000000000009.spool"])
    #expect(host.warnings.count == 1)
  }

  @Test func whatIsNoFileOfOursIsPutAside() throws {
    try host.open().close()
    try host.folder.append("elsewhere", "secret")
    #expect(symlink(host.folder.file("elsewhere"), "\(host.path)/0000000000000003.spool") == 0)
    #expect(mkfifo("\(host.path)/0000000000000004.spool", 0o600) == 0)
    #expect(mkdir("\(host.path)/0000000000000005.spool", 0o700) == 0)
    let spool = try host.open()
    spool.append("new")
    #expect(spool.rest() == ["new"])
    #expect(host.warnings.count == 3)
    #expect(try TextFile.read(host.folder.file("elsewhere")) == Array("secret".utf8))
  }

  @Test func onlyItsOwnerCanLookIntoIt() throws {
    let spool = try host.open()
    spool.append("line")
    _ = spool.next()
    spool.acknowledge(upTo: spool.position)
    spool.flush()
    spool.turn(now: host.now)
    for name in [""] + (try host.names()) {
      var status = stat()
      #expect(stat("\(host.path)/\(name)", &status) == 0)
      #expect(status.st_mode & 0o777 == (name.isEmpty ? 0o700 : 0o600), "\(name)")
    }
  }

  @Test func aSecondHolderIsToldWhoHasIt() throws {
    try host.open().close()
    let script = """
      import fcntl, sys, time
      file = open(sys.argv[1], "a")
      fcntl.lockf(file, fcntl.LOCK_EX, 1, 2)
      print("!", end="", flush=True)
      time.sleep(60)
      """
    let child = try ChildProcess(["python3", "-c", script, "\(host.path)/lock"])
    var byte: UInt8 = 0
    #expect(read(child.output, &byte, 1) == 1)
    let error = thrown(CommandError.self) { _ = try host.open() }
    #expect(error?.message.contains("process \(child.processId);") == true && error?.status == .tryAgain)
    child.signal(SIGKILL)
    _ = child.wait()
    _ = try host.open()
  }

  @Test func aRecordThatIsTooLongIsNotTaken() throws {
    let spool = try host.open()
    spool.append("before")
    #expect(
      !spool.append {
        _ = $0.reserve(1 << 24); $0.advance(1 << 24)
      })
    spool.append("after")
    spool.flush()
    #expect(spool.rest() == ["before", "after"])
  }

  /// A directory that bears the segment's name stands for a disk that takes nothing.
  @Test func whatCannotBeWrittenIsHandedOutAllTheSame() throws {
    let spool = try host.open()
    let blockage = "\(host.path)/0000000000000001.spool"
    #expect(mkdir(blockage, 0o700) == 0)
    spool.append("one")
    spool.flush()
    #expect(spool.isFull && spool.unstored == 1)
    #expect(host.warnings.count == 1 && host.warnings[0].contains("cannot grow"))
    #expect(spool.rest() == ["one"])
    // Not yet again, and then again without a word.
    spool.flush()
    host.now += 6_000_000_000
    spool.flush()
    #expect(host.warnings.count == 1)
    #expect(rmdir(blockage) == 0)
    spool.flush()
    #expect(spool.isFull)
    host.now += 6_000_000_000
    spool.flush()
    #expect(!spool.isFull && spool.unstored == 0)
    spool.append("two")
    spool.flush()
    #expect(spool.rest() == ["two"])
    #expect(try host.segments().count == 1)
  }

  @Test func whatCouldNotBeWrittenAndIsSettledIsForgotten() throws {
    let spool = try host.open()
    #expect(mkdir("\(host.path)/0000000000000001.spool", 0o700) == 0)
    spool.append("one")
    spool.flush()
    #expect(spool.rest() == ["one"])
    spool.acknowledge(upTo: spool.position)
    #expect(!spool.isFull && spool.waiting == 0 && spool.unstored == 0)
    spool.append("two")
    spool.flush()
    #expect(spool.rest() == ["two"])
    #expect(!spool.isFull && spool.unstored == 0)
  }

  @Test func aSegmentThatCannotBeReadIsKeptAsBad() throws {
    var spool: Spool? = try host.open()
    spool?.append("one")
    spool?.flush()
    spool = nil
    let next = try host.open()
    let file = try #require(try host.segments().first)
    // Unreadable even for root: another file in its place.
    #expect(rename(file, host.folder.file("away")) == 0 && symlink(host.folder.file("away"), file) == 0)
    next.append("two")
    next.flush()
    #expect(next.rest() == ["two"])
    #expect(host.warnings.contains { $0.contains("1 events") && $0.contains("cannot be read any more") })
    next.acknowledge(upTo: next.position)
    next.close()
    #expect(next.waiting == 0)
    #expect(try host.names() == ["0000000000000001.bad", "lock"])
  }

  /// Of the one that is being written, when the reader is behind.
  @Test func addingGoesOnWhenTheSegmentBeingWrittenCannotBeRead() throws {
    let spool = try host.open()
    spool.append("one")
    spool.flush()
    spool.append("two")
    spool.flush()
    let file = try #require(try host.segments().first)
    #expect(rename(file, host.folder.file("away")) == 0 && symlink(host.folder.file("away"), file) == 0)
    #expect(spool.rest() == [])
    spool.append("three")
    spool.flush()
    #expect(spool.rest() == ["three"])
    spool.acknowledge(upTo: spool.position)
    spool.close()
    #expect(spool.waiting == 0)
  }

  @Test func aSpoolThatIsTooLargeFromTheBeginningIsMadeSmaller() throws {
    var spool: Spool? = try host.open()
    for _ in 0..<200 {
      spool?.append([UInt8](repeating: 0x61, count: 100_000))
      spool?.flush()
    }
    spool = nil
    let next = try host.open(maximumSize: Spool.smallestSize, overflow: .dropOldest)
    #expect(next.isFull)
    _ = next.next()
    next.turn(now: host.now)
    #expect(!next.isFull && next.dropped > 0 && next.waiting + next.dropped == 200)
  }
}
