internal import CUnix
internal import Unix

/// The first program of a pipe gets TERM from the kernel when the supervisor dies, where the kernel does such a thing (Linux): even
/// if the guard dies with it, nothing runs on that nobody supervises.
enum TiedStage {
  #if os(Linux)
    static let isPossible = true
  #else
    static let isPossible = false
  #endif

  /// What starts a program in this way: ourselves, to become the program.
  static func arguments(_ words: [String], ourselves: String) -> [String] {
    isPossible ? [ourselves, "--tied-to", "\(getpid())", "--"] + words : words
  }

  /// Becomes the program.
  /// - Returns: if that is not possible, the exit status that a shell has for it.
  static func become(_ words: [String], parent: pid_t) -> Int32 {
    #if os(Linux)
      _ = cw_signal_when_parent_dies(SIGTERM)
    #endif
    // It has died before.
    guard getppid() == parent else { return ExitStatus.tryAgain.rawValue }
    var copies = words.map { strdup($0) } + [nil]
    CoreFile.withOriginalLimit { _ = execvp(copies[0] ?? strdup(""), &copies) }
    return errno == ENOENT ? 127 : 126
  }
}
