import Testing

@testable internal import MetricsCommand
internal import Records
internal import TestSupport

@Suite struct ExecRecordsTests {
  private static let record = #"{"name":"A","value":1,"timestamp":5,"dimensions":{"Source":"x"}}"#

  private func run(_ commands: [String], interval: Double = 60) -> (records: [MetricRecord], warnings: [String]) {
    var warnings: [String] = []
    var records: [MetricRecord] = []
    let folder = try? TemporaryFolder()
    // Each run executes the next one.
    let numbered = commands.enumerated().map { "\($0.offset)) \($0.element) ;;" }.joined(separator: "\n")
    let counter = folder?.file("runs") ?? ""
    let added = ExecRecords(
      "n=$(cat \(counter) 2>/dev/null || echo 0); echo $((n + 1)) >\(counter)\ncase $n in\n\(numbered)\nesac", interval: interval
    ) { warnings.append($0) }
    for _ in commands { records += added.records() }
    return (records, warnings)
  }

  @Test(arguments: [("", 0), ("; exit 75", 75)])
  func recordsCountWithTheirEnd(ending: String, status: Int) {
    let (records, warnings) = run(["echo '\(Self.record)'; echo '{\"end\":1}'\(ending)"])
    #expect(
      records == [
        MetricRecord(name: "A", measurement: .value(1), timestamp: 5, dimensions: [.init(name: "Source", value: "x")])
      ])
    #expect(warnings == [])
  }

  // Not in the macro: text that is put together there stops Swift 6.0.3.
  private static let brokenCommands: [(String, String)] = [
    ("true", "ended with status 0 and without"), ("exit 3", "ended with status 3 and without"),
    ("echo '\(Self.record)'", "ended with status 0 and without"), ("kill -9 $$", "was killed by signal 9"),
    ("echo '\(Self.record)'; echo '{\"end\":2}'", "said that it printed 2 records, and printed 1"),
    ("echo hello", "printed no metric record in line 1: not a JSON object"), ("exec sleep 60", "took more than 1.0 seconds"),
    ("exec cat /dev/zero", "printed more than 4194304 bytes"),
  ]

  @Test("what does not end well adds nothing and is said", arguments: brokenCommands)
  func broken(command: String, validationError: String) {
    let (records, warnings) = run([command], interval: 1)
    #expect(records == [])
    #expect(warnings.count == 1)
    #expect(warnings.first?.contains(validationError) == true, "\(warnings)")
  }

  @Test func troubleIsSaidOnceUntilItIsOver() {
    let good = "echo '{\"end\":0}'"
    #expect(run(["exit 1", "exit 1", "exit 2", good, "exit 2"]).warnings.count == 3)
  }
}
