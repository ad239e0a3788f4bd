/// What a program does when its output has no reader any more. The parent process may have left SIGPIPE ignored, as systemd does, so
/// every program chooses one of the two policies when it starts.
package enum BrokenPipe {
  /// A write without a reader ends the program silently: for programs that hold no data of their own.
  package static func endsProgram() { signal(SIGPIPE, SIG_DFL) }

  /// A write without a reader fails with EPIPE: for programs that still have data, children or other connections.
  package static func isAnError() { signal(SIGPIPE, SIG_IGN) }

  /// Whether poll(2), which reports this without being asked, says that the reader is gone: `POLLERR` on a pipe, `POLLHUP` on a socket
  /// or a terminal.
  package static func isBroken(_ poll: pollfd) -> Bool { Int32(poll.revents) & (POLLERR | POLLHUP | POLLNVAL) != 0 }

  /// Ends the program as a write would have ended it, whatever the action of SIGPIPE is by now.
  package static func endProgram() -> Never {
    endsProgram()
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_UNBLOCK, &pipe, nil)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
