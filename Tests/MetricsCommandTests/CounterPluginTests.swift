import Testing

@testable import MetricsCommand

/// Plugins whose values are differences: cpu, net, diskio.
struct CounterPluginTests {
  @Test func theAgentsSharesOfTime() throws {
    let run = try PluginRun(
      #"{"cpu":{"measurement":["usage_active","usage_idle","usage_iowait","usage_user","usage_guest","time_user","time_active"],"resources":["cpu1"]}}"#,
      ["proc/stat": "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\nintr 5\n"])
    #expect(
      run.sample(at: 0).keys.sorted() == [
        "cpu_time_active host=h cpu=cpu-total", "cpu_time_active host=h cpu=cpu1", "cpu_time_user host=h cpu=cpu-total",
        "cpu_time_user host=h cpu=cpu1",
      ])
    // 100 ticks of cpu1: waiting for a disk is active, and the guests' time is not the programs'.
    try run.machine.write(
      "proc/stat", "cpu  50 0 10 120 20 0 0 0 20 0\ncpu0 0 0 0 100 0 0 0 0 0 0\ncpu1 50 0 10 20 20 0 0 0 20 0\nintr 5\n")
    expectEqual(
      run.sample(at: 1),
      [
        "cpu_usage_active host=h cpu=cpu1": 80, "cpu_usage_idle host=h cpu=cpu1": 20, "cpu_usage_iowait host=h cpu=cpu1": 20,
        "cpu_usage_user host=h cpu=cpu1": 30, "cpu_usage_guest host=h cpu=cpu1": 20, "cpu_time_user host=h cpu=cpu1": 0.5,
        "cpu_time_active host=h cpu=cpu1": 0.8, "cpu_usage_active host=h cpu=cpu-total": 40, "cpu_usage_idle host=h cpu=cpu-total": 60,
        "cpu_usage_iowait host=h cpu=cpu-total": 10, "cpu_usage_user host=h cpu=cpu-total": 15,
        "cpu_usage_guest host=h cpu=cpu-total": 10, "cpu_time_user host=h cpu=cpu-total": 0.5, "cpu_time_active host=h cpu=cpu-total": 0.8,
      ])
  }

  @Test(
    "what becomes of a processor whose counters were user 1000, idle 1000, iowait 1000, ten seconds ago",
    arguments: [
      ("busy", "2000 0 0 1000 1000 0 0", 100), ("iowait went back, as it may", "1500 0 0 1500 900 0 0", 50),
      ("idle went back: an idle machine must not look busy", "1010 0 0 10 1000 0 0", nil), ("all began anew", "1 0 0 1 1 0 0", nil),
      ("it was away, and all of that time counts now", "1000 0 0 3600000 1000 0 0", nil), ("nothing moved", "1000 0 0 1000 1000 0 0", nil),
    ] as [(String, String, Double?)])
  func oddProcessors(name: String, now: String, active: Double?) throws {
    let run = try PluginRun(
      #"{"cpu":{"measurement":["usage_active"],"totalcpu":false,"resources":["*"]}}"#,
      ["proc/stat": "cpu  0 0 0 0 0 0 0\ncpu0 1000 0 0 1000 1000 0 0\ncpu1 0 0 0 0 0 0 0\n"])
    _ = run.sample(at: 0)
    try run.machine.write("proc/stat", "cpu  0 0 0 0 0 0 0\ncpu0 \(now)\ncpu1 0 0 0 500 0 0 0\n")
    let sample = run.sample(at: 10)
    #expect(sample["cpu_usage_active host=h cpu=cpu0"] == active, "\(name)")
    #expect(sample["cpu_usage_active host=h cpu=cpu1"] == 0)
  }

  @Test func aProcessorThatComesAgainIsANewOne() throws {
    let run = try PluginRun(#"{"cpu":{"measurement":["usage_idle"],"resources":["*"],"totalcpu":false}}"#)
    let all = "cpu  0 0 0 0 0 0 0\ncpu0 0 0 0 %0 0 0 0\ncpu1 0 0 0 %1 0 0 0\n"
    func write(_ first: Int, _ second: Int?) throws {
      var lines = all.split(separator: "\n").map(String.init)
      lines[1] = "cpu0 0 0 0 \(first) 0 0 0"
      if let second { lines[2] = "cpu1 0 0 0 \(second) 0 0 0" } else { lines.removeLast() }
      try run.machine.write("proc/stat", lines.joined(separator: "\n") + "\n")
    }
    try write(0, 0)
    #expect(run.sample(at: 0).isEmpty)
    try write(100, 100)
    #expect(run.sample(at: 1).count == 2)
    try write(200, nil)
    #expect(run.sample(at: 2).count == 1)
    try write(300, 150)
    #expect(run.sample(at: 3).keys.sorted() == ["cpu_usage_idle host=h cpu=cpu0"])
    try write(400, 250)
    #expect(run.sample(at: 4).count == 2)
  }

  private static let headings = "Inter-|   Receive | Transmit\n face |bytes packets | bytes packets\n"

  private func net(_ lines: [String: String]) -> String {
    Self.headings + lines.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
  }

  @Test func whatInterfacesMoved() throws {
    let run = try PluginRun(
      #"{"net":{"measurement":["bytes_recv","bytes_sent","packets_recv","packets_sent","err_in","err_out","drop_in","drop_out"]}}"#,
      [
        "proc/net/dev": net([
          "eth0": "1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0", "lo": "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "off": "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        ]),
        "sys/class/net/eth0/flags": "0x1003\n", "sys/class/net/lo/flags": "0x9\n", "sys/class/net/off/flags": "0x1002\n",
      ])
    #expect(run.sample(at: 0).isEmpty)
    let later = net([
      "eth0": "11 22 33 44 0 0 0 0 55 66 77 88 0 0 0 0", "lo": "9 9 9 9 0 0 0 0 9 9 9 9 0 0 0 0", "off": "9 9 9 9 0 0 0 0 9 9 9 9 0 0 0 0",
    ])
    try run.machine.write("proc/net/dev", later)
    expectEqual(
      run.sample(at: 1),
      [
        "net_bytes_recv": 10, "net_packets_recv": 20, "net_err_in": 30, "net_drop_in": 40, "net_bytes_sent": 50, "net_packets_sent": 60,
        "net_err_out": 70, "net_drop_out": 80,
      ].reduce(into: [:]) { $0["\($1.key) host=h interface=eth0"] = $1.value })
  }

  @Test(
    "which interfaces resources mean",
    arguments: [
      (#"["*"]"#, ["eth0", "wlan0"]), (#"["lo"]"#, ["lo"]), (#"["e*","lo"]"#, ["eth0", "lo"]), (#"["eth0","*"]"#, ["eth0", "wlan0"]),
      (#"["nosuch"]"#, []),
    ])
  func resources(list: String, names: [String]) throws {
    let zero = "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
    let run = try PluginRun(
      #"{"net":{"measurement":["bytes_recv"],"resources":\#(list)}}"#, ["proc/net/dev": net(["eth0": zero, "lo": zero, "wlan0": zero])])
    _ = run.sample(at: 0)
    #expect(run.sample(at: 1).keys.sorted() == names.map { "net_bytes_recv host=h interface=\($0)" })
  }

  @Test func anInterfaceThatBeganAnewOrIsOddCostsItselfAlone() throws {
    let run = try PluginRun(#"{"net":{"measurement":["bytes_recv"]}}"#)
    try run.machine.write("proc/net/dev", net(["a": "5000 2 0 0 0 0 0 0 5 6 0 0 0 0 0 0", "b": "10 2 0 0 0 0 0 0 5 6 0 0 0 0 0 0"]))
    #expect(run.sample(at: 0).isEmpty)
    try run.machine.write("proc/net/dev", net(["a": "10 2 0 0 0 0 0 0 5 6 0 0 0 0 0 0", "b": "13 2 0 0 0 0 0 0 5 6 0 0 0 0 0 0"]))
    expectEqual(run.sample(at: 1), ["net_bytes_recv host=h interface=b": 3])
    try run.machine.write("proc/net/dev", net(["a": "x", "b": "20 2 0 0 0 0 0 0 5 6 0 0 0 0 0 0"]))
    expectEqual(run.sample(at: 2), ["net_bytes_recv host=h interface=b": 7])
    #expect(run.warnings.count == 1)
  }

  @Test func whatDevicesDid() throws {
    let run = try PluginRun(
      #"{"diskio":{"measurement":["reads","writes","read_bytes","write_bytes","read_time","write_time","io_time","iops_in_progress"],"resources":["sd?"]}}"#,
      [
        "proc/diskstats":
          "8 0 sda 1 0 2 3 4 0 5 6 7 8 9\n8 1 sda1 1 0 2 3 4 0 5 6 7 8 9\n7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n8 16 sdb 0 0 0 0 0 0 0 0 0 0 0\n"
      ])
    expectEqual(run.sample(at: 0), ["diskio_iops_in_progress host=h name=sda": 7])
    try run.machine.write("proc/diskstats", "8 0 sda 11 0 22 33 44 0 55 66 0 88 99 1 2 3 4 5 6\n8 1 sda1 9 0 9 9 9 0 9 9 9 9 9\n")
    expectEqual(
      run.sample(at: 1),
      [
        "diskio_reads": 10, "diskio_writes": 40, "diskio_read_bytes": 20 * 512, "diskio_write_bytes": 50 * 512, "diskio_read_time": 30,
        "diskio_write_time": 60, "diskio_io_time": 80, "diskio_iops_in_progress": 0,
      ].reduce(into: [:]) { $0["\($1.key) host=h name=sda"] = $1.value })
  }

  private func counters(_ text: String) throws -> DiskCounters {
    try #require(
      parsed(text) { line in
        var fields = FieldScanner(line)
        return DiskCounters(&fields)
      })
  }

  @Test(
    "counters that went backwards within ten seconds",
    arguments: [
      // reads, merged, sectors, ms, writes, merged, sectors, ms, in flight, busy ms
      ("busy time wrapped at 32 bits", "5 0 5 5 5 0 5 5 0 4294967000", "6 0 6 6 6 0 6 6 0 704", [1, 1, 1, 1, 1, 1, 1000]),
      ("a wrap would have taken too long", "5 0 5 5 5 0 5 5 0 4294900000", "6 0 6 6 6 0 6 6 0 704", nil),
      ("busy time of 64 bits began anew", "5 0 5 5 5 0 5 5 0 4294967297", "6 0 6 6 6 0 6 6 0 1", nil),
      ("times of requests wrapped", "5 0 5 4294967295 5 0 5 4294967295 0 5", "6 0 6 1 6 0 6 1 0 6", [1, 1, nil, 1, 1, nil, 1]),
      ("sectors of a 32-bit kernel wrapped", "5 0 4294967295 5 5 0 5 5 0 5", "6 0 1 6 6 0 6 6 0 6", nil),
      ("the device is another one", "500 0 500 5 500 0 500 5 0 5", "1 0 1 1 1 0 1 1 0 1", nil),
      ("nothing moved", "5 0 5 5 5 0 5 5 0 5", "5 0 5 5 5 0 5 5 0 5", [0, 0, 0, 0, 0, 0, 0]),
    ] as [(String, String, String, [UInt64?]?)])
  func wraps(name: String, before: String, now: String, moved: [UInt64?]?) throws {
    let change = try counters(now).change(since: counters(before), seconds: 10)
    let values = change.map { [$0.reads, $0.sectorsRead, $0.readTime, $0.writes, $0.sectorsWritten, $0.writeTime, $0.ioTime] }
    #expect(values == moved, "\(name)")
  }

  @Test func aDiskThatComesAgainHasNoRateAndAnOddOneCostsItselfAlone() throws {
    let run = try PluginRun(#"{"diskio":{"measurement":["reads"]}}"#)
    func sample(_ text: String, _ seconds: Double) throws -> [String] {
      try run.machine.write("proc/diskstats", text)
      return run.sample(at: seconds).map { "\($0.key.split(separator: "=").last ?? "") \($0.value)" }.sorted()
    }
    #expect(try sample("8 0 sda 1 0 2 3 4 0 5 6 7 8 9\n8 16 sdb 1000 0 2 3 4 0 5 6 7 8 9\n", 0) == [])
    #expect(try sample("8 0 sda 3 0 2 3 4 0 5 6 7 8 9\n", 1) == ["sda 2.0"])
    #expect(try sample("8 0 sda 4 0 2 3 4 0 5 6 7 8 9\n8 16 sdb 9000 0 2 3 4 0 5 6 7 8 9\n", 2) == ["sda 1.0"])
    #expect(try sample("8 0 sda x 0 2 3 4 0 5 6 7 8 9\n8 16 sdb 9001 0 2 3 4 0 5 6 7 8 9\n", 3) == ["sdb 1.0"])
    #expect(run.warnings.count == 1)
  }
}
