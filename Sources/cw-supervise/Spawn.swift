internal import Unix

/// Starts a program by posix_spawn(3), with only the three standard descriptors and with the usual signals.
struct Spawn {
  /// The program first, searched in `PATH` if its name has no slash.
  var arguments: [String]
  /// Nil: `/dev/null`.
  var input: Int32?
  /// Nil: `/dev/null`.
  var output: Int32?
  /// Nil: ours.
  var error: Int32?
  /// What it has as descriptor 3; nil: nothing.
  var third: Int32?
  /// The process group it joins; 0: a new one, which has its own number.
  var group: pid_t = 0
  /// Whether signals that this process ignores are not ignored there. HUP is never touched: nohup(1) means all of us.
  var hasUsualSignals = true

  /// - Returns: its process id.
  func start() throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }

    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    }
    if let error { posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO) }
    if let third { posix_spawn_file_actions_adddup2(&actions, third, 3) }

    var none = sigset_t()
    sigemptyset(&none)
    var usual = none
    if hasUsualSignals { for number in [SIGPIPE, SIGTERM, SIGINT, SIGQUIT, SIGCHLD, SIGTTOU] { sigaddset(&usual, number) } }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, group)
    posix_spawnattr_setflags(
      &attributes, Int16(truncatingIfNeeded: POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var processId: pid_t = 0
    let environment = environmentEntries(without: ["NOTIFY_SOCKET"])
    let code = CoreFile.withOriginalLimit {
      withCStrings(arguments) { argv in
        withCStrings(environment) { envp in posix_spawnp(&processId, arguments.first ?? "", &actions, &attributes, argv, envp) }
      }
    }
    guard code == 0 else { throw SystemError("start \(arguments.first ?? "")", code: code) }
    return processId
  }

  private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}

/// A pipe(2) of which no end reaches a program that is not given it. Both ends are closed with this value, if not before.
final class PipeEnds {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws {
    (reading, writing) = try Descriptor.pipe()
  }

  deinit {
    closeReading()
    closeWriting()
  }

  /// Gives both ends away, for as long as this process lives.
  func release() -> (reading: Int32, writing: Int32) {
    defer { (reading, writing) = (-1, -1) }
    return (reading, writing)
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}
