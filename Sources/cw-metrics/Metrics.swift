package import ArgumentParser
internal import Config
internal import MetricOutput
internal import Records
internal import Unix

package struct Metrics: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-metrics", abstract: "Sample this machine's processors, memory, disks and network for CloudWatch.",
    discussion: """
      Without --interval and --config: one sample, measured over a second. Otherwise a sample each interval until a signal \
      or --count ends it. The manual, cw-metrics(1), has examples.
      """, version: toolkitVersion)

  @Option(help: ArgumentHelp("Seconds between two samples; may be a fraction.", valueName: "seconds"))
  var interval: Double?

  @Option(help: ArgumentHelp("End after this many samples.", valueName: "number"))
  var count: Int?

  @Option(help: "json (records) or table; table on a terminal, json in a pipe if not given.")
  var format: Format?

  @Option(
    help: ArgumentHelp("With each sample, run this by the shell and add the metric records that it prints.", valueName: "command"))
  var exec: String?

  @Flag(help: "List the metrics: name, unit, meaning.")
  var list = false

  @Option(help: ArgumentHelp("What stands before /proc, /sys and the mount points.", valueName: "directory", visibility: .hidden))
  var procRoot = ""

  @OptionGroup var common: CommonOptions

  package init() {}

  package func validate() throws {
    if let interval, !(interval > 0 && interval.isFinite) {
      throw ValidationError("--interval must be a number of seconds above 0, not \(interval)")
    }
    if let count, count < 1 { throw ValidationError("--count must be at least 1, not \(count)") }
    if count != nil, interval == nil, common.config == nil {
      throw ValidationError("--count needs --interval, or --config to take the interval from")
    }
  }

  package func run() throws {
    if list {
      return try writeOutput(Catalogue.text)
    }
    let file = try common.config.map { try Configuration.load($0, warn: Messages.warning) }
    let interval = try interval ?? file?.agent.checkedInterval()
    let commonDimensions = try CommonDimensions(file, interval: interval)
    if common.verbose { Messages.info(plan(commonDimensions, interval: interval)) }
    let added = exec.map { ExecRecords($0, interval: interval ?? 60, warn: Messages.warning) }
    let loop = SampleLoop(
      machine: Machine(root: procRoot, warn: Messages.warning), commonDimensions: commonDimensions, interval: interval ?? 1,
      count: interval == nil ? 1 : count, added: { added?.records() ?? [] })
    try loop.run(format ?? .suited())
  }

  private func plan(_ commonDimensions: CommonDimensions, interval: Double?) -> String {
    let dimensions = commonDimensions.dimensions.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    guard let interval else { return "one sample for \(dimensions), measured over a second" }
    return "a sample each \(interval) seconds for \(dimensions)"
  }
}

extension Configuration.Agent {
  fileprivate func checkedInterval() throws -> Double {
    guard metricsCollectionInterval > 0, metricsCollectionInterval.isFinite else {
      throw ConfigurationError("agent.metrics_collection_interval must be above 0 seconds, not \(metricsCollectionInterval)")
    }
    return metricsCollectionInterval
  }
}
