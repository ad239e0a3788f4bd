import Testing

internal import Unix

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

    let stop = try StopSignal([SIGUSR1, SIGUSR2])
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
  }

  @Test func leavesAnIgnoredHangUpAlone() {
    let before = signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, before) }
    #expect(StopSignal.usual == [SIGTERM, SIGINT])
    signal(SIGHUP, SIG_DFL)
    #expect(StopSignal.usual == [SIGTERM, SIGINT, SIGHUP])
  }
}
