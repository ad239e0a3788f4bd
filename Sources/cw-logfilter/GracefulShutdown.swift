internal import Unix

/// TERM, INT and HUP while records flow: whoever follows the logs gets the signal too, stops, and ends the stream; what is in the pipe
/// is still to be passed on. So the first signal only sets a deadline, and the second ends the program.
enum GracefulShutdown {
  static func begin() {
    for number in StopSignal.usual {
      signal(number) { number in
        if StopSignal.isRepetition(number) { return }
        if isTold {
          signal(number, SIG_DFL)
          raise(number)
        }
        isTold = true
        // The longest that a clean end may take; systemd waits 90 s before it kills.
        alarm(20)
      }
    }
    signal(SIGALRM) { _ in
      let text: StaticString = "cw-logfilter: error: the input went on for 20 s after the signal to stop\n"
      _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
      _exit(ExitStatus.upstreamBroke.rawValue)
    }
  }
}

// A signal handler can reach nothing but globals.
private nonisolated(unsafe) var isTold = false
