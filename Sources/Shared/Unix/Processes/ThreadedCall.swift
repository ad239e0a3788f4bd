/// One call that may block, on a thread of its own; its end is an event for `poll(2)`. So a loop goes on during a sign-in.
///
/// What it touches is its own until `result` has been taken: there is nothing to lock. What the compiler cannot prove to be so is handed
/// over as `UncheckedSendable`.
package final class ThreadedCall<Value: Sendable> {
  /// Readable when the call is over.
  package let descriptor: Int32

  // The outcome is written by the thread, and read when that has ended.
  private final class Work: @unchecked Sendable {
    let body: @Sendable () throws -> Value
    let writeEnd: Int32
    var outcome: Result<Value, any Error>?

    init(_ body: @escaping @Sendable () throws -> Value, _ writeEnd: Int32) {
      self.body = body
      self.writeEnd = writeEnd
    }

    func run() {
      outcome = Result(catching: body)
      var byte: UInt8 = 0
      // The reader may be gone already; SIGPIPE is blocked in this thread.
      _ = write(writeEnd, &byte, 1)
      close(writeEnd)
    }
  }

  private let work: Work
  private let thread: pthread_t
  private var isJoined = false

  /// Starts the call.
  /// - Throws: `SystemError` if there is no pipe or no thread to be had.
  package init(_ body: @escaping @Sendable () throws -> Value) throws {
    let (readEnd, writeEnd) = try Descriptor.pipe()
    let work = Work(body, writeEnd)
    guard let thread = startThread({ work.run() }) else {
      close(readEnd)
      close(writeEnd)
      throw SystemError("start a thread", code: EAGAIN)
    }
    descriptor = readEnd
    self.work = work
    self.thread = thread
  }

  deinit {
    // The outcome of a call that still runs is not wanted any more; its thread ends by itself.
    if !isJoined { pthread_detach(thread) }
    close(descriptor)
  }

  /// What it returned or threw; waits until it is over.
  package func result() -> Result<Value, any Error> {
    if !isJoined {
      pthread_join(thread, nil)
      isJoined = true
    }
    return work.outcome ?? .failure(SystemError("finish a thread", code: EINTR))
  }
}

/// A value lent to a thread: the lender does not touch it until the thread has ended.
package struct UncheckedSendable<Value>: @unchecked Sendable {
  package let value: Value
  /// Lends a value.
  package init(_ value: Value) { self.value = value }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Signals stay with the other threads. Nil if the system has no thread left.
private func startThread(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
  var all = sigset_t()
  var before = sigset_t()
  sigfillset(&all)
  pthread_sigmask(SIG_SETMASK, &all, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  let body = Unmanaged.passRetained(ThreadBody(run))
  #if canImport(Darwin)
    var thread: pthread_t?
    let code = pthread_create(&thread, nil, { startBody($0) }, body.toOpaque())
  #else
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { startBody($0) }, body.toOpaque())
  #endif
  if code == 0 { return thread }
  body.release()
  return nil
}

private func startBody(_ body: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let body { Unmanaged<ThreadBody>.fromOpaque(body).takeRetainedValue().run() }
  return nil
}
