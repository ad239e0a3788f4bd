import Testing

@testable internal import PutLogsCommand

@Suite struct LimitedWarningsTests {
  @Test func tenAMinuteAndTheirNumber() {
    var now: Int64 = 0
    var said: [String] = []
    let warnings = LimitedWarnings(clock: { now }, warn: { said.append($0) })
    for number in 1...50 { warnings.report("\(number)") }
    #expect(said == (1...10).map { "\($0)" })
    now = 60_000_000_000
    warnings.report("next")
    #expect(said.suffix(2) == ["40 more such warnings within a minute are left out", "next"])
    warnings.reportRest()
    #expect(said.count == 12)
  }
}
