import Testing

@testable internal import Unix

// One test, since signals belong to the whole process.
@Suite struct StopSignalTests {
  @Test func keepsSignalsUntilTheyAreTaken() throws {
    // The threads that run tests have signals blocked, and `raise` is for its own thread.
    var ours = sigset_t()
    var before = sigset_t()
    sigemptyset(&ours)
    sigaddset(&ours, SIGUSR1)
    sigaddset(&ours, SIGUSR2)
    pthread_sigmask(SIG_UNBLOCK, &ours, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

    let stop = try StopSignal([SIGUSR1, SIGUSR2], moment: 0)
    #expect(!stop.isPending)
    #expect(stop.take() == [])

    raise(SIGUSR1)
    #expect(stop.isPending)
    #expect(stop.isPending, "looking takes nothing")
    var descriptors = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&descriptors, 1, 0) == 1)
    #expect(stop.take() == [SIGUSR1])
    #expect(!stop.isPending)

    raise(SIGUSR1)
    raise(SIGUSR2)
    raise(SIGUSR1)
    #expect(stop.take() == [SIGUSR1, SIGUSR2, SIGUSR1])
    #expect(stop.take() == [])
    #expect(!stop.isPending)

    // As a terminal that closes and its shell send HUP.
    let patient = try StopSignal([SIGUSR1, SIGUSR2], moment: 600_000_000_000)
    raise(SIGUSR2)
    raise(SIGUSR1)
    raise(SIGUSR1)
    raise(SIGUSR1)
    #expect(patient.take() == [SIGUSR2, SIGUSR1], "an equal signal within a moment is the same request")
    raise(SIGUSR1)
    #expect(patient.take() == [])
    raise(SIGUSR2)
    #expect(patient.take() == [SIGUSR2], "another one is not")
  }

  @Test func noSignalIsLostWhileSomebodyLooksWhetherItIsIgnored() throws {
    // SIGURG does nothing by itself, so it is harmless.
    let before = signal(SIGURG) { _ in handledSignals += 1 }
    defer { signal(SIGURG, before) }
    handledSignals = 0
    let sender = try ThreadedCall {
      var ours = sigset_t()
      sigemptyset(&ours)
      sigaddset(&ours, SIGURG)
      pthread_sigmask(SIG_UNBLOCK, &ours, nil)
      // Each has been handled, or thrown away, when this returns.
      for _ in 0..<20_000 { raise(SIGURG) }
    }
    var end = pollfd(fd: sender.descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&end, 1, 0) == 0 { #expect(!StopSignal.isIgnored(SIGURG)) }
    try sender.result().get()
    #expect(handledSignals == 20_000)
    signal(SIGURG, SIG_IGN)
    #expect(StopSignal.isIgnored(SIGURG))
  }

  @Test func leavesAnIgnoredHangUpAlone() {
    let before = signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, before) }
    #expect(StopSignal.usual == [SIGTERM, SIGINT])
    signal(SIGHUP, SIG_DFL)
    #expect(StopSignal.usual == [SIGTERM, SIGINT, SIGHUP])
  }
}

// Written by one thread's handler.
private nonisolated(unsafe) var handledSignals = 0
