import Testing

@testable import MetricsCommand

struct MemoryTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let meminfo: String
    /// KiB; nil if the file makes no sense.
    let available: UInt64?

    init(_ description: String, _ meminfo: String, _ available: UInt64?) {
      self.description = description
      self.meminfo = meminfo
      self.available = available
    }
  }

  @Test(arguments: [
    Case("as it is", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n", 400),
    Case("any order, other lines", "Cached: 1 kB\nMemAvailable: 400 kB\nHugePages_Total: 0\nMemFree: 1 kB\nMemTotal: 1000 kB", 400),
    Case("all", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 1000 kB\n", 1000),
    Case("the host's, in a container", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 1001 kB\n", 100),
    Case("the host's free too", "MemTotal: 1000 kB\nMemFree: 2000 kB\nMemAvailable: 3000 kB\n", 1000),
    Case("before Linux 3.14", "MemTotal: 1000 kB\nMemFree: 100 kB\nActive(file): 20 kB\nInactive(file): 30 kB\nSReclaimable: 5 kB\n", 155),
    Case("0", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 0 kB\nActive(file): 20 kB\n", 120),
    Case("nothing but free", "MemTotal: 1000 kB\nMemFree: 100 kB\n", 100),
    Case("no total", "MemFree: 100 kB\nMemAvailable: 400 kB\n", nil),
    Case("no free", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n", nil),
    Case("total 0", "MemTotal: 0 kB\nMemFree: 0 kB\nMemAvailable: 0 kB\n", nil),
    Case("no number", "MemTotal: many kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n", nil),
    Case("absurd", "MemTotal: 18446744073709551615 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n", nil),
    Case("absurd estimate", "MemTotal: 1000 kB\nMemFree: 1 kB\nSReclaimable: 18446744073709551615 kB\n", nil),
    Case("empty", "", nil),
  ])
  func available(_ example: Case) {
    let memory = parsed(example.meminfo) { Memory.parse(meminfo: $0) }
    #expect(memory?.available == example.available.map { $0 * 1024 })
    #expect(memory?.used == example.available.map { (1000 - $0) * 1024 })
  }

  @Test func utilization() throws {
    let memory = try #require(parsed("MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n") { Memory.parse(meminfo: $0) })
    #expect(memory.utilization == 60)
  }
}
