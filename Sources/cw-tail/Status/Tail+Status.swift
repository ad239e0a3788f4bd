internal import ArgumentParser
internal import Config
internal import MetricOutput
internal import Records
internal import Unix

extension Tail {
  /// Writes the report for `--status`.
  /// - Throws: `CommandError` without a usable state; `ExitCode` if a source has a problem.
  func showStatus() throws {
    // The running pipe has warned of the same configuration already.
    func warn(_ text: String) { if common.verbose { Messages.warning(text) } }
    let configuration = try common.config.map { try Configuration.load($0, warn: warn) }
    guard let directory = StateDirectory.find(option: state, configured: configuration?.agent.stateDirectory) else {
      throw CommandError(.usage, "--status needs the state; give --state or --config")
    }
    let plan = try configuration.map { try FollowPlan($0.logs, warn: warn) }
    let finder = plan.map { FileFinder($0.patterns, workingDirectory: currentDirectory(), home: homeDirectory(processEnvironment)) }
    let now = Clock.realtimeMilliseconds()
    let report = try StatusReport(directory, finder: finder, now: now) { source in
      finder.flatMap { plan?.isAbout(source, $0) } ?? true
    } adjust: { options in
      adjust(&options, plan, configuration)
    }
    switch format ?? .suited() {
    case .json:
      let output = SampleOutput(.json)
      let commonDimensions = try CommonDimensions(configuration, interval: configuration?.agent.metricsCollectionInterval)
      try output.write(
        configuration?.metrics.logStatus == .total ? report.totals(commonDimensions, now: now) : report.records(commonDimensions, now: now))
      try output.end()
    case .table:
      try writeOutput(report.table())
    }
    let status = report.status(limit: Self.lagLimit(configuration))
    if status != .done { throw ExitCode(status.rawValue) }
  }

  // Milliseconds that events may wait: three collection intervals, but at least a minute.
  private static func lagLimit(_ configuration: Configuration?) -> Int64 {
    max(60_000, Int64(min(configuration?.agent.logsCollectionInterval ?? 0, 1e9) * 3000))
  }
}

extension FollowPlan {
  /// Whether the source of a stored position is followed.
  func isAbout(_ source: String, _ finder: FileFinder) -> Bool {
    source.hasPrefix("/") ? finder.matches(source) && includes(source) : journals.contains { $0.source == source }
  }
}
