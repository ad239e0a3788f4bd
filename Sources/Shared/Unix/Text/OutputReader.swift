/// Who reads what a program writes, and what is done when nobody does any more: the same in all programs.
package enum OutputReader {
  /// Whether poll(2), which tells this without being asked, says that nobody will read what is written from now on: of a pipe
  /// `POLLERR`, of a socket or a terminal `POLLHUP`.
  package static func isGone(_ poll: pollfd) -> Bool { Int32(poll.revents) & (POLLERR | POLLHUP | POLLNVAL) != 0 }

  /// Ends the program as a write would have ended it, whatever became of the signal in the meantime.
  package static func endWithIt() -> Never {
    signal(SIGPIPE, SIG_DFL)
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_UNBLOCK, &pipe, nil)
    raise(SIGPIPE)
    _exit(128 + SIGPIPE)
  }
}
