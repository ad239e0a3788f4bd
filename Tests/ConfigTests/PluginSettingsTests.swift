import Testing

@testable import Config

struct PluginSettingsTests {
  private func metrics(_ collected: String, _ others: String = "") throws -> Configuration.Metrics {
    try file(#"{"metrics":{\#(others)"metrics_collected":\#(collected)}}"#).configuration.metrics
  }

  @Test func whatIsAskedForIsRead() throws {
    let metrics = try metrics(
      #"{"cpu":{"measurement":["usage_idle"," cpu_usage_user ",{"name":"usage_iowait","rename":"Wait","unit":"percent"}],"totalcpu":false,"resources":["*"]},"procstat":[{"exe":"a","measurement":["pid"]},{"pattern":"b","measurement":["pid"]}]}"#
    )
    var cpu = PluginSettings("cpu")
    cpu.measurements = [.init("usage_idle"), .init("cpu_usage_user"), .init("usage_iowait", rename: "Wait", unit: "percent")]
    cpu.totalcpu = false
    cpu.resources = ["*"]
    #expect(metrics.collected?.first == cpu)
    #expect(metrics.collected?.dropFirst().map(\.exe) == ["a", nil])
    #expect(metrics.collected?.dropFirst().map(\.pattern) == [nil, "b"])
  }

  @Test func withoutTheSectionNothingChanges() throws {
    let configuration = try file(#"{"metrics":{}}"#).configuration
    #expect(configuration.metrics.collected == nil)
    #expect(configuration.metrics.namespace == "System/Default")
    #expect(configuration.agent.metricsCollectionInterval == 300)
  }

  @Test func withItTheDefaultsAreTheAgents() throws {
    let configuration = try file(#"{"metrics":{"metrics_collected":{}}}"#).configuration
    #expect(configuration.metrics.collected == [])
    #expect(configuration.metrics.namespace == "CWAgent")
    #expect(configuration.agent.metricsCollectionInterval == 60)
    let given = try file(#"{"agent":{"metrics_collection_interval":5},"metrics":{"namespace":"N","metrics_collected":{}}}"#).configuration
    #expect(given.metrics.namespace == "N")
    #expect(given.agent.metricsCollectionInterval == 5)
  }

  private static let swapFields = "free, used, used_percent"

  @Test(arguments: [
    ("[]", ["error metrics.metrics_collected: expected an object, in braces; found an empty list"]),
    (#"{"swap":1}"#, ["error metrics.metrics_collected.swap: expected an object, in braces; found 1"]),
    (#"{"swap":{}}"#, ["error metrics.metrics_collected.swap: measurement is missing; swap can measure \(swapFields)"]),
    (
      #"{"swap":{"measurement":[]}}"#,
      [
        "warning metrics.metrics_collected.swap.measurement is empty, so that nothing of swap is measured; it can measure \(swapFields)"
      ]
    ),
    (
      #"{"swap":{"measurement":"used"}}"#,
      [
        #"error metrics.metrics_collected.swap.measurement: expected a list of names in quotes, or of objects with name, rename and unit; found "used""#
      ]
    ),
    (
      #"{"swap":{"measurement":["used",7]}}"#,
      [
        "error metrics.metrics_collected.swap.measurement: expected a list of names in quotes, or of objects with name, rename and unit; found a list"
      ]
    ),
    (
      #"{"swap":{"measurement":["used","usd"]}}"#,
      [#"error metrics.metrics_collected.swap.measurement[1]: swap has no "usd"; did you mean used? There are \#(swapFields)"#]
    ),
    (
      #"{"swap":{"measurement":["nothing_like_it"]}}"#,
      [#"error metrics.metrics_collected.swap.measurement[0]: swap has no "nothing_like_it"; there are \#(swapFields)"#]
    ),
    (
      #"{"swap":{"measurement":[{"name":"used","unit":"Percent"}]}}"#,
      [
        "error metrics.metrics_collected.swap.measurement[0]: unit: swap_used is in Bytes, which cannot be converted into Percent"
      ]
    ),
    (
      #"{"swap":{"measurement":[{"name":"used","unit":"Furlongs"}]}}"#,
      [#"error metrics.metrics_collected.swap.measurement[0]: unit: "Furlongs" is no unit of CloudWatch, such as Bytes"#]
    ),
    (
      #"{"swap":{"measurement":[{"name":"used","rename":"Käse"}]}}"#,
      [#"error metrics.metrics_collected.swap.measurement[0]: rename: expected 1 to 255 ASCII characters; found "Käse""#]
    ),
    (
      #"{"swap":{"measurement":[{"name":"used","units":"Bytes"}]}}"#,
      ["warning unknown key metrics.metrics_collected.swap.measurement[0].units; it has no effect"]
    ),
    (
      #"{"swap":{"measurement":["used","swap_used"]}}"#,
      [#"warning metrics.metrics_collected.swap.measurement[1]: "swap_used" is in the list twice, first in line 1; it is published once"#]
    ),
    (
      #"{"swap":{"measurement":["used"],"resources":["*"]}}"#,
      [
        "warning unknown key metrics.metrics_collected.swap.resources; did you mean metrics.metrics_collected.cpu.resources?"
      ]
    ),
    (
      #"{"swpa":{"measurement":["used"]}}"#,
      ["warning unknown key metrics.metrics_collected.swpa; did you mean metrics.metrics_collected.swap?"]
    ),
    (
      #"{"statsd":{},"collectd":{},"ethtool":{},"nvidia_gpu":{"measurement":["fan_speed"]}}"#,
      ["statsd", "collectd", "ethtool", "nvidia_gpu"].map {
        "warning key metrics.metrics_collected.\($0) is known to the CloudWatch agent but not supported here yet; it has no effect"
      }
    ),
    (
      #"{"processes":{"measurement":["wait","total"]}}"#,
      [
        #"warning metrics.metrics_collected.processes.measurement[0]: "wait" is known to the CloudWatch agent and cannot be measured here; it is left out"#
      ]
    ),
    (
      #"{"cpu":{"measurement":["usage_idle"],"totalcpu":false}}"#,
      [
        "warning metrics.metrics_collected.cpu: totalcpu is false and there are no resources, so that no processor is measured"
      ]
    ),
    (
      #"{"procstat":{"exe":"a","measurement":["pid"]}}"#,
      [
        "error metrics.metrics_collected.procstat: expected a list of objects, each with measurement and exe, pattern or pid_file; found an object"
      ]
    ),
    (
      #"{"procstat":[{"measurement":["pid"]}]}"#,
      ["error metrics.metrics_collected.procstat[0]: exe, pattern or pid_file is missing, which says what process is meant"]
    ),
    (
      #"{"procstat":[{"measurement":["pid"],"pattern":"a","exe":"b"}]}"#,
      ["warning metrics.metrics_collected.procstat[0]: exe counts, pattern has no effect"]
    ),
    (
      #"{"swap":{"measurement":["used"],"drop_original_metrics":["used","other"]}}"#,
      [
        "warning metrics.metrics_collected.swap.drop_original_metrics: without metrics.aggregation_dimensions, what is dropped is not published at all",
        #"warning metrics.metrics_collected.swap.drop_original_metrics: "other" is none of the measurements; it has no effect"#,
      ]
    ),
    (
      #"{"swap":{"measurement":["used"]},"swap":{"measurement":["free"]}}"#,
      ["warning metrics.metrics_collected.swap is there twice; the last one counts"]
    ),
  ])
  func saysWhatIsWrong(_ collected: String, _ expected: [String]) throws {
    let diagnostics = try file(#"{"metrics":{"metrics_collected":\#(collected)}}"#).diagnostics
    #expect(diagnostics.map { "\($0.severity) \($0.text)" } == expected)
  }

  @Test(arguments: [
    (#""append_dimensions":{"a":1}"#, "metrics.append_dimensions: expected an object of up to 30 texts"),
    (#""append_dimensions":{"a":"{nosuch}"}"#, "metrics.append_dimensions: expected an object of up to 30 texts"),
    (#""append_dimensions":{":a":"b"}"#, "metrics.append_dimensions: expected an object of up to 30 texts"),
    (#""aggregation_dimensions":["host"]"#, "metrics.aggregation_dimensions: expected a list of lists, each of up to 30 names"),
    (#""aggregation_dimensions":{}"#, "metrics.aggregation_dimensions: expected a list of lists, each of up to 30 names"),
  ])
  func saysWhatIsWrongWithDimensions(_ member: String, _ expected: String) throws {
    let diagnostics = try file(#"{"metrics":{\#(member)}}"#).diagnostics
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.text.hasPrefix(expected) == true, "\(diagnostics)")
  }

  @Test func thePatternsOfProcessesAreCompiledByTheCheck() throws {
    let patterns = try file(#"{"metrics":{"metrics_collected":{"procstat":[{"exe":"(","measurement":["pid"]}]}}}"#).patterns
    #expect(patterns.map(\.keyPath) == ["metrics.metrics_collected.procstat[0].exe"])
  }
}
