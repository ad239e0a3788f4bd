/// The children that work for us, in process groups of their own: what ends this process must end them, since neither a terminal's
/// Ctrl-C nor a signal to us reaches them.
enum ChildRegistry {
  private static let most = 64

  /// Starts a child and remembers it. A signal that comes meanwhile is handled when both have been done.
  static func started(_ start: () throws -> pid_t) throws -> pid_t {
    prepare
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let child = try start()
    change { indexes in if let free = (0..<most).first(where: { indexes[$0] == 0 }) { indexes[free] = child } }
    return child
  }

  static func ended(_ child: pid_t) {
    change { indexes in for index in 0..<most where indexes[index] == child { indexes[index] = 0 } }
  }

  private static func change(_ body: (UnsafeMutablePointer<pid_t>) -> Void) {
    pthread_mutex_lock(mutex)
    body(groups)
    pthread_mutex_unlock(mutex)
  }

  // Where a program handles the signals itself, or has them ignored, its exit(3) is what ends.
  private static let prepare: Void = {
    pthread_mutex_init(mutex, nil)
    groups.initialize(repeating: 0, count: most)
    atexit { killOwnChildren() }
    for number in [SIGTERM, SIGINT, SIGHUP] where StopSignal.isByDefault(number) {
      signal(number) { number in
        killOwnChildren()
        signal(number, SIG_DFL)
        // Blocked until the handler is left.
        kill(getpid(), number)
      }
    }
  }()

  fileprivate static nonisolated(unsafe) let groups = UnsafeMutablePointer<pid_t>.allocate(capacity: most)
  private static nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// Those that are not known to have ended.
  static var all: [pid_t] { (0..<most).map { groups[$0] }.filter { $0 > 0 } }

  // Also in a signal handler.
  fileprivate static func forEachGroup(_ body: (pid_t) -> Void) { for index in 0..<most where groups[index] > 0 { body(groups[index]) } }
}

/// Ends the children that work for us: to be called before _exit(2). May be called in a signal handler.
package func killOwnChildren() {
  let saved = errno
  ChildRegistry.forEachGroup { kill(-$0, SIGKILL) }
  errno = saved
}
