import Config
import Records
import Testing

@testable import MetricsCommand

struct PluginTests {
  private func names<Field: CaseIterable & RawRepresentable>(_ type: Field.Type) -> Set<String> where Field.RawValue == String {
    Set(type.allCases.map(\.rawValue))
  }

  @Test func eachRowOfTheCatalogueHasACaseInItsPlugin() {
    let fields = [
      "cpu": names(CPUPlugin.Field.self), "mem": names(MemoryField.self), "swap": names(SwapField.self),
      "disk": names(DiskPlugin.Field.self), "diskio": names(DiskIOPlugin.Field.self), "net": names(NetPlugin.Field.self),
      "netstat": names(NetstatPlugin.Field.self), "processes": names(ProcessesPlugin.Field.self),
      "procstat": names(ProcessField.self).union(["pid_count"]),
    ]
    for (name, fields) in fields { #expect(PluginCatalogue.plugin(name).map { Set($0.fields.map(\.name)) } == fields, "\(name)") }
    #expect(Set(Plugins.types.keys) == Set(PluginCatalogue.plugins.map(\.name)))
  }

  @Test func renameUnitAndDimensions() throws {
    let run = try PluginRun(
      #"{"mem":{"measurement":["total",{"name":"mem_total","rename":"Total","unit":"Kilobytes"}],"append_dimensions":{"b":"1","a":"ä"},"metrics_collection_interval":30}}"#,
      ["proc/meminfo": "MemTotal: 1000 kB\nMemFree: 1 kB\n"])
    let dimensions = ["host": "h", "a": "%C3%A4", "b": "1"].sorted { $0.key > $1.key }
    let ordered = [dimensions[0], dimensions[2], dimensions[1]].map { MetricRecord.Dimension(name: $0.key, value: $0.value) }
    #expect(
      run.records(at: 5) == [
        MetricRecord(
          namespace: "CWAgent", name: "mem_total", measurement: .value(1_024_000), unit: "Bytes", timestamp: 5000, resolution: 1,
          dimensions: ordered),
        MetricRecord(
          namespace: "CWAgent", name: "Total", measurement: .value(1024), unit: "Kilobytes", timestamp: 5000, resolution: 1,
          dimensions: ordered),
      ])
  }

  private static let stat = ["proc/stat": "cpu  0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0\n"]

  @Test func setsOfDimensionsArePublishedOnceMore() throws {
    let run = try PluginRun(
      #"{"cpu":{"measurement":["time_idle","cpu_time_user"],"resources":["*"],"drop_original_metrics":["time_user"]}},"aggregation_dimensions":[["host"],[],["host","host"],["nosuch"],["cpu","host"]]"#,
      Self.stat)
    #expect(
      Set(run.sample(at: 1).keys) == [
        "cpu_time_idle host=h cpu=cpu0", "cpu_time_idle host=h cpu=cpu-total", "cpu_time_idle host=h", "cpu_time_idle",
        "cpu_time_user host=h", "cpu_time_user",
      ])
  }

  @Test(
    "which dimensions stand for the machine",
    arguments: [
      (#""x":{},"#, "", ["host"]), (#""agent":{"omit_hostname":true,"hostname":"h"},"#, "", []),
      ("", #""append_dimensions":{"A":"b"},"#, ["A"]), ("", #""append_dimensions":{"InstanceId":"${aws:InstanceId}"},"#, ["InstanceId"]),
      // Known in EC2 only: a machine must have some name.
      ("", #""append_dimensions":{"ImageId":"${aws:ImageId}"},"#, ["host"]),
    ])
  func dimensionsOfTheMachine(agent: String, metrics: String, wanted: [String]) throws {
    let text = #"{\#(agent)"metrics":{\#(metrics)"metrics_collected":{}}}"#
    let configuration = try ConfigurationFile(path: "f", text: Array(text.utf8)).configuration
    var warnings: [String] = []
    let dimensions = try HostDimensions(configuration, hostName: "h", environment: { _ in "id-1" }) { warnings.append($0) }
    #expect(try dimensions.common(with: [:]).map(\.name) == wanted)
    #expect(warnings.isEmpty == !metrics.contains("ImageId"))
  }

  @Test func aMachineWithoutProcHasNothingAndSaysSoOnce() throws {
    let run = try PluginRun(
      #"""
      {"cpu":{"measurement":["usage_idle"]},"mem":{"measurement":["used"]},"swap":{"measurement":["used"]},"disk":{"measurement":["used"]},
       "diskio":{"measurement":["reads"]},"net":{"measurement":["bytes_sent"]},"netstat":{"measurement":["tcp_listen"]},
       "processes":{"measurement":["total"]},"procstat":[{"exe":"a","measurement":["pid_count"]}]}
      """#)
    for second in 0..<3 { #expect(run.sample(at: Double(second)) == [:]) }
    #expect(run.warnings.count == 9)
    #expect(run.warnings.allSatisfy { $0.contains("left out") })
  }
}
