import Testing

@testable import MetricsCommand

struct CPUTests {
  @Test(
    "which kinds of time count as busy: what was added to each, in the order of /proc/stat",
    arguments: [
      ("user", [25, 0, 0, 75, 0, 0, 0, 0, 0, 0], 25), ("nice", [0, 25, 0, 75, 0, 0, 0, 0, 0, 0], 25),
      ("system", [0, 0, 25, 75, 0, 0, 0, 0, 0, 0], 25), ("irq", [0, 0, 0, 75, 0, 25, 0, 0, 0, 0], 25),
      ("softirq", [0, 0, 0, 75, 0, 0, 25, 0, 0, 0], 25), ("steal", [0, 0, 0, 75, 0, 0, 0, 25, 0, 0], 25),
      ("iowait is idle", [25, 0, 0, 0, 75, 0, 0, 0, 0, 0], 25), ("guest is in user", [50, 0, 0, 50, 0, 0, 0, 0, 50, 0], 50),
      ("guest_nice is in nice", [0, 25, 0, 75, 0, 0, 0, 0, 0, 25], 25), ("all idle", [0, 0, 0, 100, 0, 0, 0, 0, 0, 0], 0),
      ("all busy", [100, 0, 0, 0, 0, 0, 0, 0, 0, 0], 100), ("idle went back: nobody knows", [50, 0, 0, -500, 50, 0, 0, 0, 0, 0], nil),
      ("iowait went back, as it may", [50, 0, 0, 50, -5, 0, 0, 0, 0, 0], 50),
      ("nothing moved", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], nil), ("all went back", [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1], nil),
    ] as [(String, [Int], Double?)])
  func utilization(name: String, added: [Int], percent: Double?) throws {
    let earlier = [Int](repeating: 1000, count: 10)
    #expect(try cpu(zip(earlier, added).map(+)).utilization(since: cpu(earlier)) == percent, "\(name)")
  }

  private func cpu(_ fields: [Int]) throws -> CPU {
    let numbers = fields.map(String.init).joined(separator: " ")
    return try #require(parsed("cpu  \(numbers)\ncpu0 \(numbers)\n") { CPU.parse(stat: $0) })
  }

  @Test(
    "/proc/stat of kernels old and new",
    arguments: [
      ("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\nintr 5\n", 1, [8, 9, 10]),
      // Before 2.6.11 there was no steal.
      ("cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7\ncpu1 1 2 3 4 5 6 7\n", 2, [0, 0, 0]),
      // More fields than are known.
      ("cpu  1 2 3 4 5 6 7 8 9 10 11\ncpu0 1 2 3 4 5 6 7 8 9 10 11\ncpu3 1 2 3 4 5 6 7 8 9 10 11", 2, [8, 9, 10]),
    ])
  func parse(stat: String, count: Int, last: [UInt64]) throws {
    let cpu = try #require(parsed(stat) { CPU.parse(stat: $0) })
    #expect(cpu.count == count)
    let times = CPU.Times(
      user: 1, nice: 2, system: 3, idle: 4, iowait: 5, irq: 6, softirq: 7, steal: last[0], guest: last[1], guestNice: last[2])
    #expect(cpu.times == times)
  }

  @Test(
    "what is not /proc/stat",
    arguments: [
      "", "\n", "cpu", "cpu  1 2 3\ncpu0 1 2 3\n", "cpu  1 2 x 4 5 6 7\ncpu0 1\n", "cpu  1 2 3 4 5 6 7\n", "cpu0 1 2 3 4 5 6 7\n",
      "<html>", "intr 1\ncpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7\n",
    ])
  func malformed(stat: String) {
    #expect(parsed(stat) { CPU.parse(stat: $0) } == nil)
  }
}
