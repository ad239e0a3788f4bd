package import ArgumentParser
internal import Config
internal import State
internal import Tool
internal import Unix

package struct Tail: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-tail",
    abstract: "Follow log files and write their lines as log records.",
    discussion: """
      Files may be rotated by rename or by truncation, may not be there yet, and may be named by globs (quoted, so that
      new files are found too). Each line becomes one record on standard output.

        cw-tail /var/log/syslog '/var/log/app/*.log' | cw-putlogs --records --log-group /home/pi
        cw-tail --once --from start build.log | jq -r .message

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

  @Option(help: ArgumentHelp("Go on where cw-putlogs, with the same option, has delivered to.", valueName: "directory"))
  var state: String?

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("Files or globs; with --config those of the configuration.", valueName: "path"))
  var paths: [String] = []

  package init() {}

  package func run() throws {
    let configuration = try common.config.map { try Configuration.load($0, warn: Messages.warning) }
    let finder = FileFinder(try patterns(configuration), workingDirectory: try workingDirectory())
    // Who started us may ignore it; then a reader that is gone would not end us.
    signal(SIGPIPE, SIG_DFL)
    let stop = try StopSignal()
    Descriptor.enlargePipe(STDOUT_FILENO)
    Descriptor.makeNonBlocking(STDOUT_FILENO)
    let holder = StateHolder(StateDirectory.find(option: state, configured: configuration?.agent.stateDirectory))
    guard let memory = try holder.read(stop) else { return }
    let form = try EventForm(EventForm.Rules())
    var options = Follower.Options { _ in form }
    options.maximumOpenFiles = raiseDescriptorLimit() - 64
    options.refused = ownMessages(configuration)
    // With --once nobody tries again: what could not be read is said at the end.
    options.onTrouble = { [once] in if !once { Messages.warning("\($0); it is tried again") } }
    options.onGap = Messages.warning
    let follower = Follower(
      finder, start: (from ?? (once ? .start : .end)) == .start ? .start : .end, memory: memory,
      output: RecordOutput { try Descriptor.writeSome(STDOUT_FILENO, $0) }, options: options)
    follower.scan()
    let loop = FollowLoop(follower, stop: stop)
    if once { try loop.runOnce() } else { try loop.run() }
    withExtendedLifetime(holder) {}
    if once { try complain(of: follower.currentTroubles) }
  }

  private func patterns(_ configuration: Configuration?) throws -> [String] {
    guard let configuration, let file = common.config else {
      guard !paths.isEmpty else { throw ToolError(.usage, "no files; name some, or give --config") }
      return paths
    }
    guard paths.isEmpty else { throw ToolError(.usage, "files are named by --config; give paths or --config, not both") }
    if configuration.logs.journal.collect {
      Messages.warning("logs.logs_collected.journal is not followed by this version; only files are")
    }
    guard !configuration.logs.files.isEmpty else {
      throw ConfigurationError("\(file): logs.logs_collected.files.collect_list names no file to follow")
    }
    return configuration.logs.files.map(\.filePath)
  }

  private func workingDirectory() throws -> String {
    guard let path = getcwd(nil, 0) else { throw SystemError("find the working directory") }
    defer { free(path) }
    return String(cString: path)
  }

  // One descriptor a file; the soft limit is for programs that use select(2).
  private func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    guard getrlimit(descriptorLimit, &limit) == 0 else { return 256 }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(descriptorLimit, &limit)
    _ = getrlimit(descriptorLimit, &limit)
    return Int(clamping: limit.rlim_cur)
  }

  private func ownMessages(_ configuration: Configuration?) -> Set<FileIdentity> {
    var status = stat()
    let stderr = fstat(STDERR_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? FileIdentity(status) : nil
    return Set([stderr, configuration.flatMap { FileIdentity(path: $0.agent.logfile) }].compactMap { $0 })
  }

  private func complain(of troubles: [String: Int32]) throws {
    let sorted = troubles.sorted { $0.key < $1.key }
    for (path, code) in sorted.dropLast() { Messages.warning(Follower.sentence(path, code)) }
    guard let (path, code) = sorted.last else { return }
    throw ToolError(code == EACCES ? .noPermission : .unavailable, Follower.sentence(path, code))
  }
}

#if canImport(Glibc)
  private let descriptorLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
#else
  private let descriptorLimit = RLIMIT_NOFILE
#endif
