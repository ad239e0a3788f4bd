/// A program that runs beside this one: for us, in a process group of its own and with its standard output in a pipe to us; or for the
/// user, as if the shell had started it instead of us.
///
/// Its standard error is ours. It gets no descriptor of ours, no blocked or ignored signal, and no secret in its environment.
/// If it still runs when this value goes, or when this process ends, it is killed; in a group of its own with its children. After
/// SIGKILL of this process, one that runs for us is killed by the kernel, without its children, where there is such a thing
/// (`Spawn.canTie`).
package final class ChildProcess {
  package enum Termination: Equatable {
    case exited(Int32)
    case killed(Int32)
  }

  /// The reader of its output.
  package enum Audience {
    /// This process, through a pipe.
    case us
    /// The reader of our own standard output. The program stays in our process group, so that it may read the terminal and gets its Ctrl-C.
    case user
  }

  package let processId: pid_t
  /// What it writes can be read here. Blocks unless made not to. -1 if it does not write for us.
  package let output: Int32
  private let audience: Audience
  /// Nil while it runs, as far as `wait` has found out.
  package private(set) var termination: Termination?

  /// Starts a program.
  /// - Parameters:
  ///   - arguments: the program first, searched in `PATH` if its name has no slash.
  ///   - input: its standard input; nil for `/dev/null`.
  ///   - environment: `NAME=value` each.
  /// - Throws: `SystemError` if the program cannot be started.
  package init(
    _ arguments: [String], input: Int32? = nil, for audience: Audience = .us,
    environment: [String] = environmentEntries(without: secretVariables)
  ) throws {
    self.audience = audience
    // Where SIGCHLD is ignored (a disposition that is inherited), the kernel throws away how children end.
    Unix.signal(SIGCHLD, SIG_DFL)
    var spawn = Spawn(
      arguments: arguments, environment: environment, descriptors: [input.map { .descriptor($0) } ?? .nothing],
      usualSignals: [SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGCHLD])
    guard audience == .us else {
      processId = try spawn.start()
      output = -1
      return
    }
    let (readEnd, writeEnd) = try Descriptor.pipe()
    defer { close(writeEnd) }
    spawn.descriptors.append(.descriptor(writeEnd))
    (spawn.group, spawn.endSignal) = (0, SIGKILL)
    Self.keepDescriptorsFromChildren()
    do {
      processId = try ChildRegistry.started { try spawn.start() }
    } catch {
      close(readEnd)
      throw error
    }
    output = readEnd
  }

  // Some libraries leave their descriptors inheritable (libcurl its connections), and a child that lives on would keep them open.
  private static func keepDescriptorsFromChildren() {
    guard let directory = opendir("/dev/fd") else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let number = withUnsafePointer(to: &entry.pointee.d_name) { atoi(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) }
      if number > STDERR_FILENO { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    }
  }

  deinit {
    if output >= 0 { close(output) }
    if termination == nil {
      signal(SIGKILL)
      _ = wait()
    }
  }

  /// Sends a signal to the program, and to all its children if they are in a group of their own.
  package func signal(_ number: Int32) {
    // Once it has been waited for, its number may be another's.
    if termination == nil { _ = kill(audience == .us ? -processId : processId, number) }
  }

  /// Blocks until the program has ended and leaves it to `wait`, so that another thread may be here while this one sends signals.
  package static func awaitEnd(of processId: pid_t) {
    var information = siginfo_t()
    while waitid(P_PID, id_t(processId), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// Waits until it ends.
  package func wait() -> Termination {
    while true {
      if let termination = reap(0) { return termination }
    }
  }

  /// Waits until it ends, at most until `deadline` (of the monotonic clock, nanoseconds); nil if it still runs then.
  package func wait(until deadline: Int64) -> Termination? {
    // There is no portable wait with a limit. Most programs end within the first naps, as their output has ended already.
    var nap: Int64 = 500_000
    while true {
      if let termination = reap(WNOHANG) { return termination }
      let left = deadline - Clock.monotonicNanoseconds()
      if left <= 0 { return nil }
      usleep(UInt32(min(nap, left) / 1000 + 1))
      nap = min(nap * 2, 50_000_000)
    }
  }

  private func reap(_ options: Int32) -> Termination? {
    if let termination { return termination }
    var status: Int32 = 0
    let found = waitpid(processId, &status, options)
    // The macros of wait.h do not reach Swift: the low seven bits are the signal, the next byte the status.
    if found == processId {
      termination = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(status & 0x7F)
    } else if found < 0, errno != EINTR {
      termination = .exited(255)  // another part of this process has waited for it
    }
    if termination != nil, audience == .us { ChildRegistry.ended(processId) }
    return termination
  }
}

// MARK: - run to the end

extension ChildProcess {
  /// What a program that was run to its end has printed, and how it ended.
  package struct Result {
    package enum Termination: Equatable {
      case exited(Int32)
      case killed(Int32)
      /// It ran or kept its output open beyond the limit, and was killed.
      case tooSlow
      /// It was killed because of it.
      case tooMuchOutput
    }

    /// At most the limit.
    package let output: [UInt8]
    package let termination: Termination
  }

  /// Runs a program to its end and collects what it prints, at most `outputLimit` bytes.
  /// - Throws: `SystemError` if the program cannot be started or its output cannot be read.
  package static func run(_ arguments: [String], outputLimit: Int, seconds: Double) throws -> Result {
    let deadline = Clock.monotonicNanoseconds() + Int64(seconds * 1e9)
    let child = try ChildProcess(arguments)
    let buffer = ByteBuffer(capacity: outputLimit + 1)
    func result(_ termination: Result.Termination) -> Result {
      Result(output: Array(buffer.array.prefix(outputLimit)), termination: termination)
    }
    while true {
      let left = deadline - Clock.monotonicNanoseconds()
      guard left > 0 else { return result(.tooSlow) }
      guard Descriptor.wait(child.output, for: POLLIN, milliseconds: Int32(clamping: left / 1_000_000 + 1)) else { continue }
      let room = outputLimit + 1 - buffer.count
      guard case .bytes(let n) = try Descriptor.read(child.output, into: buffer.reserve(room), count: room) else { break }
      buffer.advance(n)
      if buffer.count > outputLimit { return result(.tooMuchOutput) }
    }
    switch child.wait(until: deadline) {
    case .exited(let status): return result(.exited(status))
    case .killed(let signal): return result(.killed(signal))
    case nil: return result(.tooSlow)
    }
  }
}
