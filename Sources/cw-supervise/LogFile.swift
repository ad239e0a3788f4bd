internal import Unix

/// The file that standard error goes to, of this process and of all programs that it starts.
struct LogFile {
  let path: String

  /// Turns standard error into the file, from its first lines on. A file that cannot be written is a warning: publishing goes on.
  /// - Parameter notes: what the log begins with.
  /// - Returns: a copier to standard error, if that was asked for.
  func open(notes: [String], copying: Bool) -> LogCopier? {
    do {
      let descriptor = try descriptor()
      defer { close(descriptor) }
      // A full disk lets a file be opened, but takes no line.
      for note in notes {
        try EventLog.line(note, Clock.realtimeMilliseconds()).withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
      }
      guard copying else {
        dup2(descriptor, STDERR_FILENO)
        return nil
      }
      for note in notes { EventLog.write(note) }
      return try LogCopier(file: descriptor)
    } catch {
      Messages.warning("cannot write \(path); messages go to standard error (\((error as? any Failure)?.message ?? "\(error)"))")
      for note in notes { EventLog.write(note) }
      return nil
    }
  }

  // The group may read it, as with other logs.
  private func descriptor() throws -> Int32 {
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeDirectories(String(path[..<slash]), "the directory", mode: 0o750)
    }
    return try OwnedFile.open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY, mode: 0o640, followsOwnLinks: true)
  }
}

/// Copies what the programs say to the log file and to standard error: tee(1), started again if it is killed. Its input lasts as long
/// as this process or one of the programs does.
final class LogCopier {
  private let messages: PipeEnds
  private let file: Int32
  private let terminal: Int32
  /// 0: it does not run.
  private(set) var processId: pid_t = 0

  init(file: Int32) throws {
    messages = try PipeEnds()
    self.file = fcntl(file, F_DUPFD_CLOEXEC, 10)
    terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10)
    try start()
    dup2(messages.writing, STDERR_FILENO)
    messages.closeWriting()
  }

  /// The copier must survive signals for the whole terminal, and the end of the process that reads standard error.
  func start() throws {
    var tee = Spawn.ofSupervisor(["tee", "-a", "/dev/fd/3"], input: messages.reading, output: terminal)
    tee.descriptors += [.descriptor(terminal), .descriptor(file)]
    tee.usualSignals = []
    processId = try tee.start()
  }

  /// Called after waitpid(2) has returned it.
  func hasEnded() { processId = 0 }

  /// Ends standard error, and waits until everything is copied; a program that lives on does not hold us up.
  func finish() {
    messages.closeReading()
    dup2(terminal, STDERR_FILENO)
    let deadline = Clock.monotonicNanoseconds() + SupervisedPipe.killTimeout
    while processId != 0, waitpid(processId, nil, WNOHANG) == 0, Clock.monotonicNanoseconds() < deadline { usleep(10_000) }
  }
}
