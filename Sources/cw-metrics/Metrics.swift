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

  @Flag(help: "List the metrics: name, unit, price a month, meaning, source.")
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
    let added = exec.map { ExecRecords($0, interval: interval ?? 60, warn: Messages.warning) }
    let samplers =
      if let file, let collected = file.metrics.collected, let interval {
        try samplers(file, collected, interval: interval, added: added)
      } else {
        try samplers(file, interval: interval, added: added)
      }
    try SampleLoop(samplers: samplers, count: interval == nil ? 1 : count).run(format ?? .suited())
  }

  // The original's metrics.
  private func samplers(_ file: Configuration?, interval: Double?, added: ExecRecords?) throws -> [Sampler] {
    let commonDimensions = try CommonDimensions(file, interval: interval)
    if common.verbose { Messages.info(plan(commonDimensions, interval: interval)) }
    let machine = Machine(root: procRoot, warn: Messages.warning)
    return [.original(machine, commonDimensions, interval: interval ?? 1, added: added)]
  }

  // Those that the configuration names.
  private func samplers(
    _ file: Configuration, _ collected: [PluginSettings], interval: Double, added: ExecRecords?
  ) throws -> [Sampler] {
    guard !collected.isEmpty || added != nil else {
      throw ConfigurationError("\(file.path ?? ""): metrics.metrics_collected asks for nothing that can be measured here")
    }
    let plugins = try PluginSet(file, root: procRoot, interval: interval, warn: Messages.warning)
    if common.verbose {
      for settings in collected {
        Messages.info("\(settings.name): \(settings.measurements.count) metrics each \(settings.interval ?? interval) seconds")
      }
    }
    return plugins.samplers(isComplete: count != nil) + (added.map { [.added($0, interval: interval)] } ?? [])
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
