import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

/// Writers that are invented: whatever they call their older files, and however often they rotate between two looks, each line is
/// delivered once, and nothing is said to be lost.
@Suite final class WriterTests {
  private let machine: LoggingMachine

  init() throws { machine = try LoggingMachine() }

  // MARK: - one after the other

  /// Three rotations, without and with scans in between.
  @Test(arguments: InventedNames.allCases, [false, true])
  func allThatWasRotatedIsRead(names: InventedNames, isStopped: Bool) throws {
    try machine.write("")
    try machine.run()
    if !isStopped { try machine.start() }
    for _ in 0..<3 {
      try machine.writeLines(5, ending: true)
      try machine.rotate(names)
    }
    try machine.writeLines(5, ending: true)
    try machine.finish()
    #expect(machine.delivered == machine.written)
    #expect(machine.gaps == [])
    #expect(try machine.run() == [])
  }

  @Test(arguments: InventedNames.allCases)
  func whatIsBesideALogAndNotOfItIsNotRead(names: InventedNames) throws {
    machine.start = .end
    try machine.write("old\n")
    try machine.rotate(names)
    try machine.write("old, too\n")
    #expect(try machine.run() == [])
    try machine.write("new\n")
    try machine.rotate(names)
    try machine.write("newer\n")
    #expect(try machine.run() == ["new", "newer"])
  }

  // MARK: - anything

  private enum Step: CustomStringConvertible {
    case write(Int, endsLine: Bool)
    case rotate(compress: Bool)
    case copyAndTruncate
    case restart(after: Int?)
    case pass(seconds: Int)
    case setClockBack(seconds: Int)
    case turn

    var description: String {
      switch self {
      case .write(let lines, let endsLine): "write \(lines)\(endsLine ? "" : "-")"
      case .rotate(let compress): compress ? "rotate, gzip" : "rotate"
      case .copyAndTruncate: "copytruncate"
      case .restart(let records): "restart \(records.map { "after \($0)" } ?? "")"
      case .pass(let seconds): "\(seconds) s"
      case .setClockBack(let seconds): "\(seconds) s back"
      case .turn: "turn"
      }
    }

    static func random(_ random: inout SeededGenerator, copies: Bool, clock: Bool) -> Step {
      switch random.pick(0...10) {
      case 0, 1, 2, 3: .write(random.pick(1...20), endsLine: !random.oneIn(4))
      case 4, 5: copies ? .copyAndTruncate : .rotate(compress: random.oneIn(4))
      case 6: .restart(after: random.oneIn(2) ? random.pick(0...40) : nil)
      case 7: .pass(seconds: random.pick(0...10))
      case 8 where clock: .setClockBack(seconds: random.pick(1...100_000))
      default: .turn
      }
    }
  }

  private func take(_ step: Step, _ names: InventedNames) throws {
    switch step {
    case .write(let lines, let endsLine): try machine.writeLines(lines, ending: endsLine)
    case .rotate(let compress): try machine.rotate(names, compress: compress)
    case .copyAndTruncate: try machine.copyAndTruncate()
    case .restart(let records): try machine.start(kill: records)
    case .pass(let seconds): machine.pass(seconds: seconds)
    case .setClockBack(let seconds): machine.pass(seconds: -seconds, isReal: false)
    case .turn: try machine.readPass()
    }
  }

  /// Histories: three thousand here; `CW_HISTORIES` makes it as many as one has time for.
  private static let count = processEnvironment("CW_HISTORIES").flatMap { UInt64($0) } ?? 3000

  /// One of them alone: CW_HISTORY.
  private static let only = processEnvironment("CW_HISTORY").flatMap { UInt64($0) }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func eachLineOfAnInventedWriterIsDeliveredOnce(part: UInt64) throws {
    for seed in stride(from: part + 1, through: Self.count, by: 10) where Self.only == nil || Self.only == seed {
      var random = SeededGenerator(seed)
      let machine = try LoggingMachine()
      let test = try WriterTests(machine)
      let names = InventedNames.allCases[random.pick(0...InventedNames.allCases.count - 1)]
      let (copies, clock) = (names == .countDown && random.oneIn(3), random.oneIn(5))
      // With a clock that goes back, an older file may seem to be the newer one; found by a pattern it is a log of its own then, in which
      // half a line waits for its end.
      if !clock, random.oneIn(3), names.isFoundByAGlob { machine.patterns = ["app.log*"] }
      try machine.write("")
      try machine.run()
      try machine.start()
      var steps: [String] = []
      for _ in 0..<random.pick(5...50) {
        let step = Step.random(&random, copies: copies, clock: clock)
        steps.append("\(step)")
        try test.take(step, names)
      }
      try machine.finish()
      let history = "seed \(seed), \(names), \(machine.patterns): \(steps.joined(separator: ", "))"
      // A clock that is set back may change the order of older files, and nothing else.
      let isSame = clock ? machine.delivered.sorted() == machine.written.sorted() : machine.delivered == machine.written
      let difference = machine.delivered.difference(from: machine.written)
      let (lost, more) = (difference.removals.map(Self.text), difference.insertions.map(Self.text))
      #expect(isSame, "\(machine.delivered.count) of \(machine.written.count), without \(lost), with \(more); \(history)")
      #expect(machine.gaps == [], "\(history)")
    }
  }

  private static func text(_ change: CollectionDifference<String>.Change) -> String {
    switch change {
    case .insert(let index, let line, _), .remove(let index, let line, _): "\(index): \(line)"
    }
  }

  private init(_ machine: LoggingMachine) throws { self.machine = machine }
}

/// In which way a log's older files are called.
enum InventedNames: CaseIterable {
  case countDown, countUp, infixDown, infixUp, dashUp, prefixDown, letters, dated, datedInfix, datedCount, monthFirst, monthName, folder,
    tilde

  /// Whether a higher number is an older file.
  var shifts: Bool {
    switch self {
    case .countDown, .infixDown, .prefixDown, .letters: true
    default: false
    }
  }

  var isFoundByAGlob: Bool { [.countDown, .dated, .datedCount].contains(self) }

  /// - Parameters:
  ///   - number: counts the rotations from 1 on.
  ///   - name: of the live file is `app.log`.
  func name(_ number: Int) -> String {
    // A rotation a day, from the 29th of November on.
    let day = (29 + number) % 28 + 1
    let month = (10 + (29 + number) / 28) % 12 + 1
    let year = 2026 + (10 + (29 + number) / 28) / 12
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return switch self {
    case .countDown, .countUp: "app.log.\(number)"
    case .infixDown, .infixUp: "app.\(number).log"
    case .dashUp: "app-\(number).log"
    case .prefixDown: "\(number).app.log"
    case .letters: "app (\(number)).log"
    case .dated: "app.log-\(year)\(two(month))\(two(day))"
    case .datedInfix: "app-\(year)-\(two(month))-\(two(day)).log"
    case .datedCount: "app.log.2026-11-30.\(number)"
    case .monthFirst: "app.log.\(two(month))-\(two(day))-\(year)"
    case .monthName:
      "app.log.\(two(day))\(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1])\(year)"
    case .folder: "archive/app.log.\(number)"
    case .tilde: "app.log.~\(number)~"
    }
  }
}
