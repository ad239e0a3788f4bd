extension ChildProcess {
  /// `posix_spawn(3)` with everything undone that a child would inherit by accident.
  /// - Parameter output: its standard output, in a process group of its own; nil: ours, in our group.
  static func spawn(_ arguments: [String], input: Int32?, output: Int32?, environment: [String]) throws -> pid_t {
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
      keepDescriptorsFromChildren()
    }

    var none = sigset_t()
    sigemptyset(&none)
    var ours = none
    for number in [SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGCHLD] { sigaddset(&ours, number) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &ours)
    posix_spawnattr_setpgroup(&attributes, 0)
    let group = output == nil ? 0 : POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: group | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let program = arguments.first ?? ""
    var processId: pid_t = 0
    let code = withCStrings(arguments) { argv in
      withCStrings(environment) { envp in posix_spawnp(&processId, program, &actions, &attributes, argv, envp) }
    }
    guard code == 0 else { throw SystemError("start \(program)", code: code) }
    return processId
  }

  // Libraries do not see to it for all of theirs, such as libcurl for its connections: a child that lives on would keep them open.
  private static func keepDescriptorsFromChildren() {
    guard let directory = opendir("/dev/fd") else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let number = withUnsafePointer(to: &entry.pointee.d_name) { atoi(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
      if number > STDERR_FILENO { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    }
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { FileName.withBytes($0) { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
