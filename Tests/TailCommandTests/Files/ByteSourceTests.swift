import TestSupport
import Testing
import Unix

@testable import TailCommand

@Suite struct ByteSourceTests {
  /// A descriptor that is closed twice is another's the second time.
  @Test func whatIsNoFileIsClosedOnce() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("fifo")
    try #require(mkfifo(path, 0o600) == 0)
    let neighbour = try ThreadedCall {
      (0..<20_000).count { _ in
        let descriptor = open("/dev/null", O_RDONLY)
        return close(descriptor) != 0
      }
    }
    for _ in 0..<20_000 { _ = try? FileByteSource(path: path) }
    #expect(try neighbour.result().get() == 0)
  }
}
