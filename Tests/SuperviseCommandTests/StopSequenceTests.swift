import Testing

@testable import SuperviseCommand

struct StopSequenceTests {
  private let second: Int64 = 1_000_000_000

  @Test func endsWhatDoesNotDrain() {
    var sequence = StopSequence(100 * second, drainSeconds: 20)
    #expect(sequence.next(119 * second) == nil)
    #expect(sequence.nextDeadline == 120 * second)
    #expect(sequence.next(120 * second) == .terminate)
    #expect(sequence.next(121 * second) == nil)
    #expect(sequence.next(122 * second) == .kill)
    #expect(sequence.next(124 * second) == .leave)
    #expect(sequence.nextDeadline == nil)
  }

  @Test func hurriesOnce() {
    var sequence = StopSequence(0, drainSeconds: 20)
    sequence.hurry(second)
    #expect(sequence.next(second) == .terminate)
    sequence.hurry(second * 2)
    #expect(sequence.nextDeadline == 3 * second)
    #expect(sequence.next(3 * second) == .kill)
  }
}
