internal import ArgumentParser
internal import AWS
internal import Records
internal import Unix

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hand credentials to other programs on this machine over HTTP.",
    discussion: """
      Answers GET /credentials on 127.0.0.1, as the SDKs of AWS ask for container credentials. What they need to know is printed \
      as two lines, or put into the environment of COMMAND, which then runs until it ends with its own exit status:

        cw-creds serve -- aws s3 ls
        cw-creds serve --port 4242 --token-file /run/cw/token &

      Everybody on this machine can connect to the port; only who can read the token file gets an answer. It can be read by its \
      owner, holds a new token each time, and is removed at the end. SDKs ask here last: keys in a profile of theirs win.
      """)

  @Option(help: ArgumentHelp("Port on 127.0.0.1; 0 for any that is free.", valueName: "number"))
  var port: UInt16 = 0

  @Option(
    help: ArgumentHelp("File that the token is written to. (default: token-PORT in the state directory)", valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("A program to run with access to the credentials.", valueName: "command"),
    completion: .file())
  var command: [String] = []

  @OptionGroup var options: CredsOptions

  func run() throws {
    let session = try options.session()
    let provider = try session.credentials()
    let broker = CredentialBroker { try provider.credentials(besides: nil) }
    // The child gets each signal as often as it was sent.
    let stop = try StopSignal(moment: 0)
    BrokenPipe.isAnError()

    let listener = try listen()
    let token = try AccessToken()
    let file = try write(token, at: tokenFile ?? standardTokenFile(listener.port, session.stateDirectory()))
    defer { file.remove() }
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:\(listener.port)\(ServerResponse.path)",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=\(file.path)",
    ]
    let server = CredentialServer(listener, token: token, broker: broker)
    server.onFailure = Messages.warning
    if options.common.verbose { server.onAnswer = { Messages.info("answered \($0)") } }

    var child: ChildProcess?
    if command.isEmpty {
      try writeOutput(variables.map { $0 + "\n" }.joined())
    } else {
      child = try ChildProcess(
        command, input: STDIN_FILENO, for: .user, environment: environmentEntries(without: Self.replacedVariables) + variables)
    }
    let status = try serve(server, stop, child)
    if server.isAsking {
      // The thread that signs in still uses what exit(3) would free.
      file.remove()
      killOwnChildren()
      _exit(status)
    }
    throw ExitCode(status)
  }

  /// Variables that the command must not have besides these two: secrets, and those that SDKs prefer.
  private static let replacedVariables = secretVariables.union([
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CREDENTIAL_EXPIRATION",
  ])

  private func listen() throws -> LoopbackListener {
    let taken = CommandError(.unavailable, "port \(port) is taken by another program; give another --port, or 0 for any that is free")
    return try translating({ $0.code == EADDRINUSE ? taken as any Error : $0 }) { try LoopbackListener(port: port) }
  }

  private func standardTokenFile(_ port: UInt16, _ directory: StateDirectory) throws -> String {
    try translating({ CommandError(.cannotWrite, "\($0.message); give another --state, or --token-file") }, directory.create)
    return "\(directory.path)/token-\(port)"
  }

  private func write(_ token: AccessToken, at path: String) throws -> TokenFile {
    try translating({ CommandError(.cannotWrite, "\($0.message); give another --token-file") }) {
      try TokenFile(token, at: path.hasPrefix("/") ? path : "\(currentDirectory())/\(path)")
    }
  }

  /// Serves until a signal or the end of the command, and returns the exit status.
  private func serve(_ server: CredentialServer, _ stop: StopSignal, _ child: ChildProcess?) throws -> Int32 {
    let id = child?.processId
    let end = try id.map { id in try ThreadedCall { ChildProcess.awaitEnd(of: id) } }
    while true {
      var others = [stop.descriptor, end?.descriptor ?? -1].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      server.wait(&others, milliseconds: 60_000)
      if others[0].revents != 0 {
        guard let child else { return ExitStatus.done.rawValue }
        for number in stop.take() where !Self.isKnown(number) { child.signal(number) }
      }
      guard let child, others[1].revents != 0 else { continue }
      switch child.wait() {
      case .exited(let status): return status
      case .killed(let signal): return 128 + signal
      }
    }
  }

  // Ctrl-C in a terminal has reached the command too; a second signal could interrupt its reaction to the first.
  private static func isKnown(_ number: Int32) -> Bool {
    guard number == SIGINT else { return false }
    let terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return false }
    defer { close(terminal) }
    return tcgetpgrp(terminal) == getpgrp()
  }
}
