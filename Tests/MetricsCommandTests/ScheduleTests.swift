import Testing

@testable import MetricsCommand

struct ScheduleTests {
  private static let second: Int64 = 1_000_000_000

  @Test(
    "the first sample comes after the interval or a second, the others one interval apart",
    arguments: [(0.25, [0.25, 0.5, 0.75]), (1, [1, 2, 3]), (60, [1, 61, 121]), (1.5, [1, 2.5, 4])] as [(Double, [Double])])
  func due(interval: Double, expected: [Double]) {
    var schedule = Schedule(start: 5 * Self.second, interval: interval)
    var seconds: [Double] = []
    for _ in expected {
      seconds.append(Double(schedule.due) / 1e9 - 5)
      // A sample takes its time, and that adds up to nothing.
      schedule.advance(now: schedule.due + 7_000_000)
    }
    #expect(seconds == expected)
  }

  @Test func samplesThatWereMissedAreNotMadeUpFor() {
    var schedule = Schedule(start: 0, interval: 10)
    schedule.advance(now: 35 * Self.second)
    #expect(schedule.due == 41 * Self.second)
    schedule.advance(now: 51 * Self.second)
    #expect(schedule.due == 61 * Self.second)
  }

  @Test(
    "milliseconds are rounded up, never negative, and fit",
    arguments: [(1_000_000_000, 0), (2_000_000_000, 0), (999_999_999, 1), (999_000_000, 1), (998_999_999, 2), (0, 1000)] as [(Int64, Int32)]
  )
  func milliseconds(now: Int64, expected: Int32) {
    #expect(Schedule(start: 0, interval: 1).milliseconds(from: now) == expected)
  }

  @Test("no interval is too short or too long", arguments: [1e-300, 1e-9, 1e300, Double.greatestFiniteMagnitude])
  func extremes(interval: Double) {
    var schedule = Schedule(start: 0, interval: interval)
    let first = schedule.due
    schedule.advance(now: first)
    #expect(schedule.due > first)
    #expect(schedule.milliseconds(from: 0) >= 0)
  }
}
