import Testing

@testable import Unix

@Suite struct ThreadedCallTests {
  private struct Broken: Error {}

  private func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&one, 1, milliseconds) > 0
  }

  @Test func itsEndIsAnEvent() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let input = ends[0]
    let call = try ThreadedCall {
      var byte: UInt8 = 0
      return read(input, &byte, 1)
    }
    #expect(!isReadable(call.descriptor, milliseconds: 0))
    _ = write(ends[1], "x", 1)
    #expect(isReadable(call.descriptor, milliseconds: 20_000))
    #expect(try call.result().get() == 1)
    #expect(try call.result().get() == 1, "it can be asked twice")
  }

  @Test func anErrorComesBack() throws {
    let call = try ThreadedCall { throw Broken() }
    #expect(throws: Broken.self) { try call.result().get() }
  }

  @Test func canBeLetGoWhileItRuns() throws {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let output = ends[1]
    for _ in 0..<50 {
      _ = try ThreadedCall {
        usleep(1000)
        _ = write(output, "x", 1)
      }
    }
    var byte: UInt8 = 0
    for _ in 0..<50 { #expect(read(ends[0], &byte, 1) == 1) }
  }
}
