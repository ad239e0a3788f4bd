internal import Unix

/// How one program of a pipe has ended.
enum ExitReason: Equatable {
  case exited(Int32)
  case killed(Int32)
  /// It could not be started; the value of `errno`.
  case unstartable(Int32)

  /// By what waitpid(2) says. The macros of wait.h do not reach Swift: the low seven bits are the signal, the next byte the status.
  init(waitStatus: Int32) {
    self = waitStatus & 0x7F == 0 ? .exited(waitStatus >> 8 & 0xFF) : .killed(waitStatus & 0x7F)
  }

  /// Whether it did all that it had to do.
  var isClean: Bool { self == .exited(0) }

  /// Whether only a person can do something about it, so that trying again soon is of no use.
  var needsPerson: Bool {
    switch self {
    case .exited(let status):
      [ExitStatus.usage, .cannotWrite, .noPermission, .badConfiguration].map(\.rawValue).contains(status) || status == 126 || status == 127
    case .killed: false
    case .unstartable(let code): [ENOENT, EACCES, ENOTDIR, ENOEXEC, ELOOP].contains(code)
    }
  }

  /// For the log.
  var text: String {
    switch self {
    case .exited(0): "done"
    case .exited(let status): Self.meanings[status].map { "\(status) \($0)" } ?? "\(status)"
    case .killed(let signal): "signal \(signal)"
    case .unstartable(let code): "cannot be started: \(SystemError.text(code))"
    }
  }

  private static let meanings: [Int32: String] = [
    64: "usage", 65: "data refused", 69: "service unavailable", 70: "the program before it broke off", 71: "the clock is wrong",
    73: "cannot write", 74: "input or output failed", 75: "try again later", 77: "no permission", 78: "bad configuration",
    126: "cannot be run", 127: "cannot be run",
  ]
}
