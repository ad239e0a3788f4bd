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
    #expect(try SampleTimer(stop: stop.ends[0], output: output.ends[1]).wait(for: already) == .due)
  }

  @Test func aSignalEndsThePause() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    try [UInt8(15)].withUnsafeBytes { try Descriptor.writeAll(stop.ends[1], $0) }
    #expect(try SampleTimer(stop: stop.ends[0], output: output.ends[1]).wait(for: never) == .stopped)
  }

  @Test func aReaderThatIsGoneEndsThePause() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    output.closeReader()
    #expect(try SampleTimer(stop: stop.ends[0], output: output.ends[1]).wait(for: never) == .readerGone)
  }

  // MARK: - a reader that stalls

  private let large = [UInt8](repeating: 0x61, count: 1 << 18)

  private func patientOutput(_ stop: Pipe, _ output: Pipe, patience: Int64) -> InterruptibleOutput {
    _ = fcntl(output.ends[1], F_SETFL, O_NONBLOCK)
    let readEnd = stop.ends[0]
    return InterruptibleOutput(
      output: output.ends[1], stop: readEnd,
      takeSignals: {
        var bytes: [UInt8] = [0, 0, 0]
        return read(readEnd, &bytes, 3)
      }, patience: patience)
  }

  private func tell(_ stop: Pipe, _ signals: Int = 1) throws {
    try [UInt8](repeating: 15, count: signals).withUnsafeBytes { try Descriptor.writeAll(stop.ends[1], $0) }
  }

  @Test func aReaderThatStallsDoesNotKeepUsFromStopping() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    let patient = patientOutput(stop, output, patience: 1_000_000)
    try tell(stop)
    let error = #expect(throws: CommandError.self) { try large.withUnsafeBytes { try patient.write($0) } }
    #expect(error?.status == .tryAgain)
    #expect(error?.message == "told to stop, and the reader takes nothing; the last sample is not passed on")
    #expect(patient.isToldToStop)
  }

  @Test func aSecondSignalMeansNow() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    let patient = patientOutput(stop, output, patience: .max / 4)
    try tell(stop, 2)
    #expect(throws: CommandError.self) { try large.withUnsafeBytes { try patient.write($0) } }
  }

  @Test func aReaderThatGoesOnInTimeGetsAll() throws {
    let (stop, output) = (try Pipe(), try Pipe())
    let patient = patientOutput(stop, output, patience: 60_000_000_000)
    try tell(stop)
    let (readEnd, count) = (output.ends[0], large.count)
    let reader = try ThreadedCall {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      var total = 0
      while total < count {
        let n = read(readEnd, &bytes, bytes.count)
        if n <= 0 { break }
        total += n
      }
      return total
    }
    try large.withUnsafeBytes { try patient.write($0) }
    #expect(try reader.result().get() == count)
    #expect(patient.isToldToStop)
  }
}
