import Testing

@testable import MetricsCommand

struct MemoryPluginTests {
  private let all =
    #"{"mem":{"measurement":["active","available","available_percent","buffered","cached","free","inactive","shared","total","used","used_percent"]},"swap":{"measurement":["free","used","used_percent"]}}"#

  @Test func theAgentsFormulas() throws {
    let run = try PluginRun(
      all,
      [
        "proc/meminfo": """
        MemTotal:       1000 kB
        MemFree:         100 kB
        MemAvailable:    600 kB
        Buffers:          50 kB
        Cached:          200 kB
        SwapCached:        7 kB
        Active:          300 kB
        Inactive:        250 kB
        SwapTotal:       400 kB
        SwapFree:        300 kB
        Shmem:            20 kB
        Slab:             80 kB
        SReclaimable:     30 kB

        """
      ])
    expectEqual(
      run.sample(at: 0),
      [
        "mem_active": 300, "mem_available": 600, "mem_buffered": 50, "mem_cached": 230, "mem_free": 100, "mem_inactive": 250,
        "mem_shared": 20, "mem_total": 1000, "mem_used": 620, "swap_free": 300, "swap_used": 100,
      ].reduce(into: ["mem_used_percent host=h": 62, "mem_available_percent host=h": 60, "swap_used_percent host=h": 25]) {
        $0["\($1.key) host=h"] = $1.value * 1024
      })
  }

  @Test(
    "odd machines",
    arguments: [
      // Around a container the parts may be the host's: no number is better than one below zero.
      ("MemTotal: 100 kB\nMemFree: 50 kB\nBuffers: 40 kB\nCached: 40 kB\n", "mem_used", nil),
      ("MemTotal: 100 kB\nMemFree: 50 kB\nMemAvailable: 500 kB\n", "mem_available", 50.0 * 1024),
      // Before Linux 3.14.
      ("MemTotal: 100 kB\nMemFree: 50 kB\nInactive(file): 20 kB\n", "mem_available", 70.0 * 1024),
      ("MemTotal: 100 kB\nMemFree: 50 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n", "swap_used_percent", 0),
      ("MemTotal: 100 kB\nMemFree: 50 kB\n", "swap_used_percent", nil), ("MemTotal: 100 kB\nMemFree: 50 kB\n", "mem_shared", nil),
      ("MemTotal: 100 kB\nMemFree: 50 kB\nSwapTotal: 1 kB\nSwapFree: 2 kB\n", "swap_used", nil),
    ] as [(String, String, Double?)])
  func odd(meminfo: String, name: String, value: Double?) throws {
    #expect(try PluginRun(all, ["proc/meminfo": meminfo]).sample(at: 0)["\(name) host=h"] == value)
  }
}
