import Testing

@testable import Unix

@Suite struct SpawnTests {
  private func spawn(_ arguments: [String]) -> Spawn {
    Spawn(arguments: arguments, environment: environmentEntries(without: []), descriptors: [.nothing])
  }

  private func status(of processId: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(processId, &status, 0) < 0, errno == EINTR {}
    return status
  }

  /// Whatever numbers ours have, also those that it is to have.
  @Test func eachDescriptorIsWhatWasSaid() throws {
    let pipes = try (0..<5).map { _ in try Descriptor.pipe() }
    var printer = spawn(["/bin/sh", "-c", "for n in 3 4 5 6 7; do echo $n >&$n; done"])
    printer.descriptors = [.nothing, .ours, .ours] + pipes.reversed().map { .descriptor($0.1) }
    #expect(status(of: try printer.start()) == 0)
    for (index, pipe) in pipes.enumerated() {
      close(pipe.1)
      #expect(try TextFile.read(descriptor: pipe.0, name: "the pipe") == Array("\(7 - index)\n".utf8))
      close(pipe.0)
    }
  }

  @Test func aProgramThatCannotBeStartedIsAnErrorAndNoProcess() throws {
    for (program, code) in [("/nonexistent/program", ENOENT), ("/etc/passwd", EACCES), ("", ENOENT)] {
      do {
        _ = try spawn([program]).start()
        Issue.record("\(program) was started")
      } catch let error as SystemError {
        #expect(error.code == code)
      }
    }
  }

  @Test func itJoinsTheGroupThatIsSaid() throws {
    var first = spawn(["sleep", "60"])
    first.group = 0
    let leader = try first.start()
    #expect(getpgid(leader) == leader)
    first.group = leader
    let second = try first.start()
    #expect(getpgid(second) == leader)
    kill(-leader, SIGKILL)
    #expect(status(of: leader) == SIGKILL)
    #expect(status(of: second) == SIGKILL)
  }

  /// The kernel takes the thread that has started a program for its parent.
  @Test(.enabled(if: Spawn.canTie)) func aTiedProgramEndsWithTheThreadThatHasStartedIt() throws {
    var tied = spawn(["sleep", "60"])
    tied.endSignal = SIGTERM
    let started = tied
    let call = try ThreadedCall { try? started.start() }
    let processId = try #require(try call.result().get())
    #expect(status(of: processId) == SIGTERM)
  }
}
