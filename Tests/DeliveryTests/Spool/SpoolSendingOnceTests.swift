internal import TestSupport
import Testing
internal import Unix

@testable internal import Delivery

/// What a run had marked when it was killed is not handed out again; everything else is.
@Suite struct SpoolSendingOnceTests {
  let host: SpoolFolder

  init() throws { host = try SpoolFolder() }

  private func open(overflow: Spool.Overflow = .block, maximumSize: Int = 64 << 20) throws -> Spool {
    try host.open(maximumSize: maximumSize, overflow: overflow) { $0.sendsOnce = true }
  }

  /// What a test does to a spool with the records 1 to 5, of which 1 and 2 are under way, before it is killed; and what comes then.
  private static let ends: [(name: String, end: @Sendable (Spool, Spool.Cursor) throws -> Void, uncertain: Int, rest: [String])] = [
    ("never sent", { _, _ in }, 0, ["1", "2", "3", "4", "5"]),
    ("marked", { try $0.mark(upTo: $1) }, 2, ["3", "4", "5"]),
    (
      "marked, time passes",
      { spool, end in
        try spool.mark(upTo: end)
        spool.turn(now: .max / 2)
      }, 2, ["3", "4", "5"]
    ),
    (
      "surely not arrived",
      { spool, end in
        try spool.mark(upTo: end)
        spool.unmark()
        spool.rewind()
      }, 0, ["1", "2", "3", "4", "5"]
    ),
    (
      "accepted",
      { spool, end in
        try spool.mark(upTo: end)
        spool.acknowledge(upTo: end)
        spool.turn(now: 0)
      }, 0, ["3", "4", "5"]
    ),
    (
      "accepted, which could not be written down any more",
      { spool, end in
        try spool.mark(upTo: end)
        spool.acknowledge(upTo: end)
      }, 2, ["3", "4", "5"]
    ),
  ]

  @Test(arguments: 0..<6)
  func afterAKill(index: Int) throws {
    let (name, end, uncertain, rest) = Self.ends[index]
    var spool: Spool? = try open()
    (1...5).forEach { spool?.append("\($0)") }
    spool?.flush()
    _ = (spool?.next(), spool?.next())
    if let spool { try end(spool, spool.position) }
    spool = nil
    var next: Spool? = try open()
    #expect(next?.uncertain == uncertain, "\(name)")
    #expect(next?.rest() == rest, "\(name)")
    // What is uncertain is counted once.
    next = nil
    let last = try open()
    #expect(last.uncertain == 0 && last.rest() == rest, "\(name)")
  }

  /// All segments before the mark's own are settled as well, even if a power cut has brought them back.
  @Test func aMarkSettlesWhatIsBeforeIt() throws {
    var spool: Spool? = try open()
    let line = [UInt8](repeating: 0x61, count: 600_000)
    for _ in 0..<6 {
      spool?.append(line)
      spool?.flush()
    }
    let oldest = try host.segments()[0]
    let bytes = try TextFile.read(oldest)
    for _ in 0..<5 { _ = spool?.next() }
    if let spool { spool.acknowledge(upTo: spool.position) }
    spool?.turn(now: 0)
    spool = nil
    try host.overwrite(oldest, bytes)
    let next = try open()
    #expect(next.waiting == 1 && next.uncertain == 0)
  }

  /// If it is unknown what was sent, only the oldest segment can have been sent in part.
  @Test func aDamagedMarkCostsOneSegment() throws {
    var spool: Spool? = try open()
    for number in 0..<4 {
      spool?.append([UInt8](repeating: 0x30 + UInt8(number), count: 1_100_000))
      spool?.flush()
    }
    spool = nil
    try host.overwrite("\(host.path)/acknowledged", Array("rubbish".utf8))
    let next = try open()
    #expect(next.uncertain == 1 && next.waiting == 3)
  }

  @Test func handsOutAgainWhatIsNotAcknowledged() throws {
    let spool = try open()
    spool.append("1")
    spool.append("2")
    spool.flush()
    #expect(spool.rest() == ["1", "2"])
    spool.append("3")
    spool.rewind()
    #expect(spool.nextText() == "1")
    spool.acknowledge(upTo: spool.position)
    spool.rewind()
    #expect(spool.rest() == ["2", "3"])
    #expect(spool.waiting == 2)
  }

  /// Nothing is under way: the very oldest goes, and the rest comes in order.
  @Test func theOldestIsDropped() throws {
    let spool = try open(overflow: .dropOldest, maximumSize: Spool.smallestSize)
    for number in 0..<400 {
      spool.append([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100_000))
      spool.flush()
      spool.turn(now: host.now)
      spool.rewind()
    }
    #expect(spool.dropped > 200 && spool.dropped + spool.waiting == 400)
    var numbers: [UInt8] = []
    while let record = spool.next() { numbers.append(record[0]) }
    #expect(numbers == (spool.dropped..<400).map { UInt8(truncatingIfNeeded: $0) })
  }

  /// A number is never used again, however empty the spool was.
  @Test func numbersGoOn() throws {
    for _ in 0..<3 {
      let spool = try open()
      spool.append("x")
      spool.flush()
      _ = spool.next()
      try spool.mark(upTo: spool.position)
      spool.acknowledge(upTo: spool.position)
      spool.close()
    }
    let spool = try open()
    spool.append("x")
    spool.flush()
    #expect(try host.segments() == ["\(host.path)/0000000000000004.spool"])
  }

  /// Whatever happens between kills: nothing that may have left is handed out again, all else is, in order, and the counts tell.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func anyHistory(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    var taken = 0
    /// What a run may have sent, and what it has surely not.
    var sent: Set<Int> = []
    var uncertain = 0
    var waiting: [Int] = []
    var spool: Spool? = try open()
    for _ in 0..<200 {
      guard let current = spool else { break }
      switch random.pick(0...9) {
      case 0...3:
        for _ in 0..<random.pick(1...5) {
          let size = random.pick(0...1) == 0 ? 1 : 60_000
          current.append(Array("\(taken)".utf8) + [0x20] + [UInt8](repeating: 0x78, count: size))
          waiting.append(taken)
          taken += 1
        }
        current.flush()
      case 4...8:
        current.rewind()
        var group: [Int] = []
        for _ in 0..<random.pick(1...4) {
          guard let text = current.nextText(), let number = Int(text.prefix { $0 != " " }) else { break }
          group.append(number)
        }
        #expect(group == Array(waiting.prefix(group.count)))
        #expect(sent.isDisjoint(with: group))
        guard !group.isEmpty else { continue }
        try current.mark(upTo: current.position)
        sent.formUnion(group)
        switch random.pick(0...3) {
        case 0:
          // Surely not arrived.
          current.unmark()
          sent.subtract(group)
        case 1:
          // Killed while it is under way.
          waiting.removeFirst(group.count)
          spool = nil
          let next = try open()
          #expect(next.uncertain == group.count)
          uncertain += next.uncertain
          spool = next
        default:
          current.acknowledge(upTo: current.position)
          waiting.removeFirst(group.count)
          host.now += 400_000_000
          current.turn(now: host.now)
        }
      default:
        current.rewind()
        if random.pick(0...1) == 0 { current.close() }
        spool = nil
        let next = try open()
        #expect(next.uncertain == 0)
        spool = next
      }
      #expect(spool?.waiting == waiting.count)
    }
    spool?.rewind()
    #expect(spool?.rest().compactMap { Int($0.prefix { $0 != " " }) } == waiting)
    #expect(host.warnings == [])
  }
}
