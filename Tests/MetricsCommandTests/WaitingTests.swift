import Testing
import Unix

@testable import MetricsCommand

struct WaitingTests {
  /// A pipe that is closed when the test is over.
  final class Pipe {
    var ends: [Int32] = [0, 0]

    init() throws { try #require(pipe(&ends) == 0) }

    deinit { for end in ends where end >= 0 { close(end) } }

    func closeReader() {
      close(ends[0])
      ends[0] = -1
    }
  }

  private let never = Schedule(start: Clock.monotonicNanoseconds(), interval: 3600)
  private let already = Schedule(start: 0, interval: 1e-9)

  @Test func aSampleThatIsDueIsNotWaitedFor() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    #expect(try Waiting(stop: stop.ends[0], output: output.ends[1]).wait(for: already) == .due)
  }

  @Test func aSignalEndsThePause() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    try [UInt8(15)].withUnsafeBytes { try Descriptor.writeAll(stop.ends[1], $0) }
    #expect(try Waiting(stop: stop.ends[0], output: output.ends[1]).wait(for: never) == .stopped)
  }

  @Test func aReaderThatIsGoneEndsThePause() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    output.closeReader()
    #expect(try Waiting(stop: stop.ends[0], output: output.ends[1]).wait(for: never) == .readerGone)
  }
}
