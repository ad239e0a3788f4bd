import Config
import MetricOutput
import Testing
import Unix

@testable import MetricsCommand

struct SamplerTests {
  private static let second: Int64 = 1_000_000_000

  @Test func eachHasItsOwnIntervalAndWhatIsDueAtOneTimeIsOneSample() {
    var taken: [String] = []
    let output = SampleOutput(.json) { _ in }
    var now: Int64 = 0
    func sampler(_ name: String, _ interval: Double) -> Sampler {
      Sampler(Schedule(due: 0, interval: interval), clock: { now }) { _, _ in taken.append("\(now / Self.second)\(name)") }
    }
    let samplers = [sampler("a", 2), sampler("b", 3)]
    while let due = samplers.map(\.schedule.due).min(), due <= 6 * Self.second {
      now = due
      for sampler in samplers { sampler.sample(at: Moment(timestamp: 0, monotonic: now), to: output) }
    }
    #expect(taken == ["0a", "0b", "2a", "3b", "4a", "6a", "6b"])
  }

  @Test func whatTakesLongerThanItsIntervalLeavesSamplesOut() {
    var now: Int64 = 0
    let sampler = Sampler(Schedule(due: 0, interval: 1), clock: { now }) { _, _ in now += 5 * Self.second / 2 }
    sampler.sample(at: Moment(timestamp: 0, monotonic: 0), to: SampleOutput(.json) { _ in })
    #expect(sampler.schedule.due == 3 * Self.second)
  }

  @Test func pluginsTellAtOnceWhatOneReadingTells() throws {
    let machine = try ScratchMachine(["proc/meminfo": "MemTotal: 1 kB\nMemFree: 1 kB\n"])
    let text =
      #"{"metrics":{"metrics_collected":{"mem":{"measurement":["total"]},"net":{"measurement":["bytes_sent"],"metrics_collection_interval":5}}}}"#
    let configuration = try ConfigurationFile(path: "f", text: Array(text.utf8)).configuration
    for isComplete in [false, true] {
      let samplers = try PluginSet(configuration, root: machine.root, interval: 60) { _ in }.samplers(isComplete: isComplete)
      #expect(samplers.count == 2)
      let first = (samplers.map(\.schedule.due).min() ?? 0) - Clock.monotonicNanoseconds()
      #expect(isComplete ? first > 0 : first <= 0)
    }
  }
}
