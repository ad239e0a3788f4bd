internal import Config
internal import MetricOutput
internal import Records
internal import Unix

/// The plugins that a configuration asks for, each with its own interval.
struct PluginSet {
  private let plugins: [(interval: Double, plugin: any Plugin, context: PluginContext)]

  /// - Parameters:
  ///   - root: precedes `/proc`, `/sys` and the mount points.
  ///   - interval: seconds between two samples of a plugin that does not say its own.
  ///   - warn: called once for each thing that cannot be measured.
  /// - Throws: `ConfigurationError`, `CommandError` if a name is needed that this machine does not have, or a pattern is wrong.
  init(_ configuration: Configuration, root: String, interval: Double, warn: @escaping (String) -> Void) throws {
    let files = ProcFiles()
    let dimensions = try HostDimensions(configuration, warn: warn)
    plugins = try (configuration.metrics.collected ?? []).compactMap { settings in
      guard let type = Plugins.types[settings.name] else { return nil }
      let own = settings.interval ?? interval
      let naming = SeriesNaming(
        settings, namespace: configuration.metrics.namespace, common: try dimensions.common(with: settings.appendDimensions),
        aggregated: configuration.metrics.aggregationDimensions, resolution: own < 60 ? 1 : nil)
      let context = PluginContext(settings, root: root, files: files, naming: naming, warn: warn)
      return (own, try type.init(context), context)
    }
  }

  /// One for each interval. The machine is read at once: what one reading tells is the first sample, and what is a difference comes with
  /// the second.
  /// - Parameter isComplete: whether the first reading is not to be published.
  func samplers(isComplete: Bool) -> [Sampler] {
    let start = Moment(timestamp: Clock.realtimeMilliseconds(), monotonic: Clock.monotonicNanoseconds())
    if isComplete { sample(at: start, to: nil) }
    return Set(plugins.map(\.interval)).sorted().map { interval in
      let schedule = Schedule(due: isComplete ? start.monotonic + Schedule.nanoseconds(interval) : start.monotonic, interval: interval)
      return Sampler(schedule) { moment, output in sample(at: moment, to: output) { $0 == interval } }
    }
  }

  /// Takes a sample of each plugin.
  /// - Parameters:
  ///   - output: nil: only what later differences are taken from.
  ///   - isDue: whether a plugin of an interval takes part.
  func sample(at moment: Moment, to output: SampleOutput?, where isDue: (Double) -> Bool = { _ in true }) {
    for (interval, plugin, context) in plugins where isDue(interval) { context.sample(plugin, at: moment, to: output) }
  }
}

/// The dimensions that all metrics of `metrics_collected` have, as the CloudWatch agent has them.
struct HostDimensions {
  private let names: MachineNames
  private let common: [MetricRecord.Dimension]

  /// `metrics.append_dimensions` in place of `host`.
  /// - Throws: `ConfigurationError` if a placeholder has no value on this machine.
  init(
    _ configuration: Configuration, hostName: String = hostName(), environment: @escaping Environment = processEnvironment,
    warn: (String) -> Void
  ) throws {
    names = configuration.machineNames(environment: environment)
    var appended: [MetricRecord.Dimension] = []
    for (name, value) in configuration.metrics.appendDimensions.sorted(by: { $0.key < $1.key }) {
      if value.hasPrefix("${aws:"), value != Self.instanceId {
        warn("metrics.append_dimensions.\(name): \(value) is known in EC2 only; it is left out")
      } else {
        appended.append(MetricRecord.Dimension(encoding: name, try names.expand(value == Self.instanceId ? "{instance_id}" : value)))
      }
    }
    let host = configuration.agent.hostname ?? hostName
    if appended.isEmpty, !configuration.agent.omitHostname { appended.append(MetricRecord.Dimension(encoding: "host", host)) }
    common = appended
  }

  /// With those that a plugin appends.
  /// - Throws: as above.
  func common(with appended: [String: String]) throws -> [MetricRecord.Dimension] {
    common + (try appended.map { MetricRecord.Dimension(encoding: $0.key, try names.expand($0.value)) })
  }

  // What stands in the agent's configurations of machines in EC2.
  private static let instanceId = "${aws:InstanceId}"
}
