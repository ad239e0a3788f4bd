package import ArgumentParser
internal import Records
internal import Unix

package struct Supervise: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-supervise",
    abstract: "Keep pipes of programs running.",
    usage: """
      cw-supervise [--state <dir>] [--log <file>] [--copy] [--note <line>] ... [--drain-seconds <s>] -- <name> <program> [<argument> ...] ['|' ...] [';' ...]
      cw-supervise --state <dir> --holder
      """,
    discussion: """
      Starts the programs of each pipe, starts a pipe again when it has ended, and drains all of them on TERM, INT or HUP: \
      the first program of each stops reading, the others deliver what they have. What amazon-cloudwatch-publisher ends in.
      """,
    version: toolkitVersion)

  @Option(help: ArgumentHelp("State directory, which only one supervisor may use at a time.", valueName: "dir"), completion: .directory)
  var state: String?

  @Flag(help: "Print the process that supervises the state, and exit; 69 if there is none.")
  var holder = false

  @Option(help: ArgumentHelp("Where messages go, instead of standard error.", valueName: "file"), completion: .file())
  var log: String?

  @Flag(help: "Messages go to the log file and to standard error.")
  var copy = false

  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("A line that the log begins with.", valueName: "line"))
  var note: [String] = []

  @Option(help: ArgumentHelp("How long delivering may take at the end, in seconds.", valueName: "s"))
  var drainSeconds: Int64 = 20

  @Flag(help: .hidden)
  var `guard` = false

  @Argument(parsing: .postTerminator, help: ArgumentHelp("The pipes, as in the shell.", valueName: "pipes"))
  var words: [String] = []

  package init() {}

  package func validate() throws {
    guard (0...86_400).contains(drainSeconds) else { throw ValidationError("--drain-seconds is at most a day: \(drainSeconds)") }
    if `guard` { return }
    if holder {
      guard state != nil, words.isEmpty else { throw ValidationError("--holder wants --state, and no pipe.") }
      return
    }
    guard !words.isEmpty else { throw ValidationError("There is no pipe to supervise.") }
    do { _ = try PipeSpecification.parse(words) } catch let error as PipeSyntaxError { throw ValidationError(error.sentence) }
  }

  package func run() throws {
    if `guard` { return Guard().run(drainSeconds: drainSeconds) }
    if holder { return try printHolder() }
    let pipes = try PipeSpecification.parse(words)
    // The kernel keeps the lock for as long as this process lives.
    let lock = try state.map { try SupervisorLock(StateDirectory($0)) }
    defer { lock?.remove() }
    let copier = openLog()
    let ourselves = CommandLine.arguments.first ?? "cw-supervise"
    let supervisor = try Supervisor(pipes, drainSeconds: drainSeconds, ourselves: ourselves, copier: copier)
    let isClean = supervisor.run {
      guard let socket = processEnvironment("NOTIFY_SOCKET") else { return }
      ServiceManager(socket: socket).tell("READY=1\nSTATUS=\(processEnvironment("CW_INSTANCE_ID") ?? "the pipes run")")
    }
    EventLog.write(isClean ? "stopped, everything delivered" : "stopped, the rest is left for the next start")
    copier?.finish()
    if !isClean { throw ExitCode(ExitStatus.tryAgain.rawValue) }
  }

  private func openLog() -> LogCopier? {
    if let log { return LogFile(path: log).open(notes: note, copying: copy) }
    for note in note { EventLog.write(note) }
    return nil
  }

  private func printHolder() throws {
    guard let state, let other = try StateLock.existing(StateDirectory(state))?.holder(of: .supervisor) else {
      throw ExitCode(ExitStatus.unavailable.rawValue)
    }
    try Array("\(other)\n".utf8).withUnsafeBytes { try Descriptor.writeAll(STDOUT_FILENO, $0) }
  }
}
