import Testing

@testable import Unix

struct ChildProcessTests {
  private func shell(_ command: String, limit: Int = 100, seconds: Double = 10) throws -> ChildProcess.Result {
    try ChildProcess.run(["/bin/sh", "-c", command], outputLimit: limit, seconds: seconds)
  }

  @Test(arguments: [
    ("printf abc", "abc", ChildProcess.Result.Termination.exited(0)), ("exit 7", "", .exited(7)),
    ("printf x; kill -TERM $$", "x", .killed(15)),
    ("printf 12345", "1234", .tooMuchOutput), ("printf 1234", "1234", .exited(0)), ("cat", "", .exited(0)),
  ])
  func runsToTheEnd(_ command: String, _ output: String, _ termination: ChildProcess.Result.Termination) throws {
    let result = try shell(command, limit: 4)
    #expect(String(decoding: result.output, as: UTF8.self) == output)
    #expect(result.termination == termination)
  }

  @Test func aChildThatIsTooSlowIsStopped() throws {
    let result = try shell("printf x; sleep 60", seconds: 0.1)
    #expect(result.termination == .tooSlow)
    #expect(result.output == [UInt8(ascii: "x")])
  }

  @Test func killsTheWholeGroupWhenItGoes() throws {
    var child: ChildProcess? = try ChildProcess(["/bin/sh", "-c", "sleep 60 & wait"])
    let output = dup(try #require(child).output)
    defer { close(output) }
    let start = Clock.monotonicNanoseconds()
    child = nil
    // The pipe ends when the last that holds it is dead: not only the shell, also its sleep.
    #expect(try TextFile.read(descriptor: output, name: "the pipe") == [])
    #expect(Clock.monotonicNanoseconds() - start < 30_000_000_000)
  }

  /// Those that end us by exit(3), or a signal, end what works for us: the scenario has the programs.
  @Test func knowsItsOwnChildren() throws {
    let child = try ChildProcess(["sleep", "60"])
    #expect(ChildRegistry.all.contains(child.processId))
    child.signal(SIGKILL)
    #expect(child.wait() == .killed(SIGKILL))
    #expect(!ChildRegistry.all.contains(child.processId))
  }

  @Test func aProgramThatIsNotThereIsAnError() throws {
    for arguments in [["/nonexistent/program"], []] {
      do {
        _ = try ChildProcess(arguments)
        Issue.record("it started")
      } catch let error as SystemError {
        #expect(error.description == "cannot start \(arguments.first ?? ""): No such file or directory")
      }
    }
  }

  @Test func readsItsInputFromADescriptor() throws {
    let input = open(#filePath, O_RDONLY)
    defer { close(input) }
    let child = try ChildProcess(["cat"], input: input)
    let output = try TextFile.read(descriptor: child.output, name: "cat")
    #expect(try output == TextFile.read(#filePath))
    #expect(child.wait() == .exited(0))
    #expect(child.termination == .exited(0))
    #expect(child.wait(until: 0) == .exited(0))
  }

  @Test func canBeStopped() throws {
    let child = try ChildProcess(["sleep", "60"])
    #expect(child.wait(until: Clock.monotonicNanoseconds()) == nil)
    child.signal(SIGTERM)
    #expect(child.wait() == .killed(SIGTERM))
  }

  @Test func leavesSecretsOutOfTheEnvironment() throws {
    setenv("AWS_SECRET_ACCESS_KEY", "canary", 1)
    setenv("CW_TEST_KEPT", "kept=1", 1)
    defer {
      unsetenv("AWS_SECRET_ACCESS_KEY")
      unsetenv("CW_TEST_KEPT")
    }
    let result = try shell("printf '%s' \"${AWS_SECRET_ACCESS_KEY-unset} $CW_TEST_KEPT\"")
    #expect(String(decoding: result.output, as: UTF8.self) == "unset kept=1")
    #expect(environmentEntries().contains("AWS_SECRET_ACCESS_KEY=canary"))
  }

  /// Libraries open some that are inherited, such as libcurl its connections.
  @Test func aChildGetsNoDescriptorOfOurs() throws {
    let inherited = fcntl(STDERR_FILENO, F_DUPFD, 100)
    #expect(inherited >= 100)
    defer { close(inherited) }
    #expect(try shell("test -e /dev/fd/\(inherited)").termination == .exited(1))
    #expect(try shell("test -e /dev/fd/0 && test -e /dev/fd/1 && test -e /dev/fd/2").termination == .exited(0))
  }

  @Test func givesAChildDefaultSignals() throws {
    // A shell cannot set a signal that was ignored when it began, so an inherited SIG_IGN would let this one live.
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    #expect(try shell("kill -PIPE $$; echo alive").termination == .killed(SIGPIPE))
  }

  @Test func forTheUserItIsInOurGroupAndWritesToOurOutput() throws {
    let child = try ChildProcess(["/bin/sh", "-c", "exit $(( $(ps -o pgid= -p $$) == $0 ? 5 : 6 ))", "\(getpgrp())"], for: .user)
    #expect(child.output == -1)
    ChildProcess.awaitEnd(of: child.processId)
    #expect(child.termination == nil, "it is left to `wait`")
    #expect(child.wait() == .exited(5))
    ChildProcess.awaitEnd(of: child.processId)
  }

  @Test func forTheUserItCanBeStopped() throws {
    let child = try ChildProcess(["sleep", "60"], for: .user)
    child.signal(SIGTERM)
    #expect(child.wait() == .killed(SIGTERM))
  }
}
