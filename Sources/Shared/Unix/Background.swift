/// Work on a thread of its own, for what may take long and can not be waited for by `poll(2)`.
///
/// Who starts it polls `descriptor` beside everything else, and then takes the result. What the work uses is the work's alone
/// until then.
package final class Background<Value> {
  /// Readable when the work has ended.
  package let descriptor: Int32
  private let job: BackgroundJob
  private let thread: pthread_t
  private var value: () -> Value?
  private var isJoined = false

  package init(_ work: @escaping () -> Value) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (readEnd, writeEnd) = (ends[0], ends[1])
    var value: Value?
    let job = BackgroundJob {
      value = work()
      close(writeEnd)
    }
    guard let thread = job.start() else {
      close(readEnd)
      close(writeEnd)
      throw SystemError("start a thread", code: EAGAIN)
    }
    descriptor = readEnd
    self.job = job
    self.thread = thread
    self.value = { value }
  }

  // The work goes on, and nobody hears of it.
  deinit {
    if !isJoined { pthread_detach(thread) }
    close(descriptor)
  }

  /// Waits for the end of the work.
  package func take() -> Value? {
    if !isJoined { pthread_join(thread, nil) }
    isJoined = true
    return value()
  }
}

/// The part of it that a C function can know: no type parameter.
private final class BackgroundJob {
  private let run: () -> Void

  init(_ run: @escaping () -> Void) { self.run = run }

  /// Nil if the system has no thread to give.
  func start() -> pthread_t? {
    // Signals are for the thread that waits for them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let context = Unmanaged.passRetained(self)
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = pthread_create(&thread, nil, { BackgroundJob.main($0) }, context.toOpaque())
    #else
      var thread = pthread_t()
      let code = pthread_create(&thread, nil, { BackgroundJob.main($0) }, context.toOpaque())
    #endif
    guard code == 0 else {
      context.release()
      return nil
    }
    return thread
  }

  private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<BackgroundJob>.fromOpaque(context).takeRetainedValue().run() }
    return nil
  }
}
