internal import Unix

/// Handles TERM, INT and HUP for a stream of records. The program that follows the logs gets the same signal and ends the stream, and what
/// is in the pipe must still be passed on. So the first signal only sets a deadline, and a second one ends the program.
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
        // Seconds for a clean end; systemd kills a service after 90.
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
