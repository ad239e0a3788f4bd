package import ArgumentParser
internal import Config
internal import MetricOutput
internal import Records
internal import Unix

package struct Tail: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-tail",
    abstract: "Follow log files and the journal and write their lines as log records.",
    discussion: """
      Files may be rotated in any way, may not be there yet, and may be named by globs (quoted, so that new files are found
      too). Each line becomes one record on standard output. With --state, in both programs, nothing is lost or repeated by
      a restart.

        cw-tail --state /var/lib/cw /var/log/syslog | cw-putlogs --state /var/lib/cw --records --log-group /home/pi
        cw-tail --once build.log | jq -r .message

      See cw-tail(1).
      """,
    version: toolkitVersion)

  enum From: String, ExpressibleByArgument, CaseIterable { case start, end }

  @Option(
    help: ArgumentHelp(
      "Where to begin in files that are there already: start or end. (default: end, with --once start)", valueName: "place"))
  var from: From?

  @Flag(help: "Read to the present end, and exit.")
  var once = false

  @Option(
    help: ArgumentHelp("Go on where cw-putlogs, with the same option, has delivered to.", valueName: "directory"), completion: .directory)
  var state: String?

  @Flag(help: "Follow the systemd journal.")
  var journal = false

  @Flag(help: "Show how far each source is delivered, and exit.")
  var status = false

  @Option(help: "With --status: table or json (metric records); table on a terminal, json in a pipe if not given.")
  var format: Format?

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Files or globs; with --config those of the configuration.", valueName: "path"), completion: .file())
  var paths: [String] = []

  package init() {}

  package func validate() throws {
    if format != nil, !status { throw ValidationError("--format needs --status") }
    if status, once || journal || from != nil || !paths.isEmpty {
      throw ValidationError("--status takes --state, --config and --format only")
    }
  }

  package func run() throws {
    if status { return try showStatus() }
    let configuration = try common.config.map { try Configuration.load($0, warn: Messages.warning) }
    let plan = try plan(configuration)
    BrokenPipe.endsProgram()
    let stop = try StopSignal()
    Descriptor.enlargePipe(STDOUT_FILENO)
    Descriptor.makeWritingNonBlocking(STDOUT_FILENO)
    let holder = StateHolder(StateDirectory.find(option: state, configured: configuration?.agent.stateDirectory))
    guard let stored = try holder.read(stop) else { return }
    let follower = Follower(
      FileFinder(plan.patterns, workingDirectory: currentDirectory(), home: homeDirectory(processEnvironment)), stored: stored,
      output: RecordOutput { try Descriptor.writeSome(STDOUT_FILENO, $0) }, options: options(plan, configuration))
    let journals = plan.journals.map { selection in
      Journal(selection, start: journalStart, position: stored.text(of: selection.source), once: once, onTrouble: Messages.warning)
    }
    follower.scan()
    try FollowLoop(follower: follower, journals: journals, stop: stop).run(once: once)
    withExtendedLifetime(holder) {}
    if common.verbose { Messages.info("wrote \(follower.recordCount) records" + (plan.changes.map { "; \($0)" } ?? "")) }
    if once { try report(of: follower.troubles) }
  }

  private var start: Follower.Start { (from ?? (once ? .start : .end)) == .start ? .start : .end }

  // With a configuration from the start of this boot, as the original publisher did: each entry has its own time.
  private var journalStart: Journal.Start { from == nil && common.config != nil || start == .start ? .start : .end }

  private func plan(_ configuration: Configuration?) throws -> FollowPlan {
    guard let configuration, let file = common.config else {
      guard !paths.isEmpty || journal else { throw CommandError(.usage, "no files; name some, or give --journal or --config") }
      return FollowPlan(paths: paths, followsJournal: journal)
    }
    guard paths.isEmpty, !journal else {
      throw CommandError(.usage, "what is followed is named by --config; give --config or the names, not both")
    }
    let plan = try FollowPlan(configuration.logs, warn: Messages.warning)
    guard !plan.patterns.isEmpty || !plan.journals.isEmpty else {
      throw ConfigurationError("\(file): logs.logs_collected names nothing to follow, no file and no journal")
    }
    return plan
  }

  private func options(_ plan: FollowPlan, _ configuration: Configuration?) -> Follower.Options {
    var options = Follower.Options(assembler: plan.assembler)
    options.includes = plan.includes
    adjust(&options, plan, configuration)
    // With --once there is no second try: what could not be read is reported at the end.
    options.onTrouble = { [once] in if !once { Messages.warning("\($0); it is tried again") } }
    options.warn = Messages.warning
    if common.verbose { options.inform = Messages.info }
    return options
  }

  /// Sets the options that following and `--status` have in common: those that decide where reading begins.
  func adjust(_ options: inout Follower.Options, _ plan: FollowPlan?, _ configuration: Configuration?) {
    options.start = { path in
      guard from == nil, let fromBeginning = plan?.fromBeginning(path) else { return start }
      return fromBeginning ? .start : .end
    }
    // Each open log needs a descriptor.
    DescriptorLimit.raise()
    options.maximumOpenFiles = Self.share(of: DescriptorLimit.current() ?? 256)
    // The standard error of --status is not that of the running pipe.
    options.isOurs = OwnMessages(logfile: configuration?.agent.logfile, descriptor: status ? -1 : STDERR_FILENO).include
  }

  // The number of descriptors for logs: others are needed for the pipe, the state, folders and decompressors.
  private static func share(of limit: Int) -> Int { max(limit - 64, limit / 4, 2) }

  private func report(of troubles: [String: Int32]) throws {
    let sorted = troubles.sorted { $0.key < $1.key }
    for (path, code) in sorted.dropLast() { Messages.warning(Follower.sentence(path, code)) }
    guard let (path, code) = sorted.last else { return }
    throw CommandError(code == EACCES ? .noPermission : .unavailable, Follower.sentence(path, code))
  }
}
