import Testing
import Unix

@testable import MetricsCommand

struct ProcessPluginTests {
  private static func stat(_ number: Int, _ name: String, _ state: String, _ user: Int = 0, _ system: Int = 0, _ threads: Int = 1) -> String
  {
    "\(number) (\(name)) \(state) 1 1 1 0 -1 4194560 1 2 3 4 \(user) \(system) 0 0 20 -5 \(threads) 0 777 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 3 18 50 0 0\n"
  }

  @Test func statesAsTheAgentCountsThem() throws {
    var files: [String: String] = ["proc/notes/stat": "x", "proc/99/other": ""]
    let states = ["R", "S", "S", "D", "Z", "T", "t", "I", "X", "W", "P"]
    for (number, state) in states.enumerated() { files["proc/\(number + 1)/stat"] = Self.stat(number + 1, "a) R (b", state, 0, 0, 2) }
    let run = try PluginRun(
      #"{"processes":{"measurement":["running","sleeping","blocked","zombies","stopped","idle","dead","paging","total","total_threads"]}}"#,
      files)
    expectEqual(
      run.sample(at: 0),
      [
        "running": 1, "sleeping": 2, "blocked": 1, "zombies": 1, "stopped": 2, "idle": 1, "dead": 1, "paging": 1, "total": 11,
        "total_threads": 22,
      ].reduce(into: [:]) { $0["processes_\($1.key) host=h"] = $1.value })
  }

  @Test func statOfAProcess() throws {
    let stat = try #require(parsed(Self.stat(7, "a (b) c", "S", 150, 50, 3)) { ProcessStat($0) })
    #expect(stat.state == UInt8(ascii: "S"))
    #expect([stat.userTime, stat.systemTime, stat.threads, stat.start, stat.realtimePriority, stat.ioDelay] == [150, 50, 3, 777, 3, 50])
    #expect(stat.nice == -5)
    #expect(parsed("7 (a) ) b) S 1") { ProcessStat.name($0)?.text } == "a) ) b")
  }

  @Test(
    "what is no /proc/N/stat",
    arguments: ["", "7", "7 (a", "7 (a)", "7 (a) S 1 2\n", ") (", "7 (a) S 1 1 1 0 -1 4194560 1 2 3 4 x 0 0 0 20 0 1 0 7\n"])
  func malformed(text: String) {
    #expect(parsed(text) { ProcessStat($0) } == nil)
  }

  @Test(
    "whether /proc shows the processes of others",
    arguments: [
      ("rw", "CapEff:\t0\n", true), ("rw,hidepid=0", "CapEff:\t0\n", true), ("rw,hidepid=off", "CapEff:\t0\n", true),
      ("rw,hidepid=invisible", "CapEff:\t0000000000000000\n", false), ("rw,gid=4,hidepid=2", "Gid:\t9 9 9 9\nGroups:\t4 5\n", true),
      ("rw,gid=4,hidepid=2", "Gid:\t9 9 9 9\nGroups:\t5\n", false), ("rw,gid=4,hidepid=ptraceable", "Groups:\t4\n", false),
      ("rw,hidepid=1", "CapEff:\t000001ffffffffff\n", true), ("rw,hidepid=noaccess", "", false),
    ])
  func visibility(options: String, status: String, isVisible: Bool) {
    let mounts = "1 0 8:1 / / rw - ext4 a rw\n2 1 0:5 / /proc rw - proc proc rw\n3 2 0:6 / /proc rw - proc proc \(options)\n"
    let obstacle = parsed(mounts) { mounts in parsed(status) { ProcessVisibility.obstacle(mountinfo: mounts, status: $0) } }
    #expect((obstacle == nil) == isVisible, "\(obstacle ?? "")")
  }

  @Test func hiddenProcessesAreLeftOutAndSaidOnce() throws {
    let run = try PluginRun(
      #"{"processes":{"measurement":["total"]},"procstat":[{"pattern":".","measurement":["pid_count"]}]}"#,
      [
        "proc/1/stat": Self.stat(1, "init", "S"), "proc/1/cmdline": "init\0", "proc/self/status": "CapEff:\t0\n",
        "proc/self/mountinfo": "1 0 0:5 / /proc rw - proc proc rw,hidepid=invisible\n",
      ])
    for second in 0..<3 { #expect(run.sample(at: Double(second)).isEmpty) }
    #expect(
      run.warnings == [
        "/proc hides the processes of other users (hidepid=invisible, which ProtectProc= of a service sets); the metrics of processes are left out",
        "/proc hides the processes of other users (hidepid=invisible, which ProtectProc= of a service sets); the metrics of procstat are left out",
      ])
  }

  private static let status = """
    Name:	web
    VmSize:	    1000 kB
    VmLck:	       1 kB
    VmRSS:	     500 kB
    VmData:	     300 kB
    VmStk:	     132 kB
    VmSwap:	       2 kB
    Threads:	3
    SigQ:	4/95000
    voluntary_ctxt_switches:	11
    nonvoluntary_ctxt_switches:	12

    """
  private static let limits = """
    Limit                     Soft Limit           Hard Limit           Units
    Max cpu time              unlimited            unlimited            seconds
    Max open files            1024                 524288               files
    Max nice priority         0                    5

    """

  @Test func whatAProcessUses() throws {
    let fields = [
      "cpu_usage", "cpu_time", "cpu_time_user", "cpu_time_system", "cpu_time_iowait", "memory_rss", "memory_vms", "memory_data",
      "memory_stack", "memory_locked", "memory_swap", "num_threads", "signals_pending", "voluntary_context_switches",
      "involuntary_context_switches", "nice_priority", "realtime_priority", "pid", "read_bytes", "write_bytes", "read_count",
      "write_count", "rlimit_num_fds_soft", "rlimit_num_fds_hard", "rlimit_cpu_time_soft", "rlimit_nice_priority_hard", "pid_count",
      "num_fds",
    ]
    let list = fields.map { "\"\($0)\"" }.joined(separator: ",")
    let run = try PluginRun(
      #"{"procstat":[{"exe":"^/usr/bin/web","measurement":[\#(list)]}]}"#,
      [
        "proc/7/stat": Self.stat(7, "web", "S", 150, 50, 3), "proc/7/cmdline": "/usr/bin/web\0-x\0", "proc/7/status": Self.status,
        "proc/7/limits": Self.limits, "proc/7/io": "rchar: 1\nsyscr: 2\nsyscw: 3\nread_bytes: 4\nwrite_bytes: 5\n", "proc/7/fd/0": "",
        "proc/7/fd/1": "", "proc/8/stat": Self.stat(8, "other", "S"), "proc/8/cmdline": "/usr/bin/other\0",
        // A thread of the kernel.
        "proc/9/stat": Self.stat(9, "kworker", "I"), "proc/9/cmdline": "",
      ])
    let first = run.sample(at: 0)
    #expect(first["procstat_cpu_usage host=h exe=^/usr/bin/web process_name=web"] == nil)
    try run.machine.write("proc/7/stat", Self.stat(7, "web", "S", 160, 60, 3))
    expectEqual(
      run.sample(at: 2),
      [
        "cpu_usage": 10, "cpu_time": 2, "cpu_time_user": 1.6, "cpu_time_system": 0.6, "cpu_time_iowait": 0.5, "memory_rss": 512_000,
        "memory_vms": 1_024_000, "memory_data": 307_200, "memory_stack": 135_168, "memory_locked": 1024, "memory_swap": 2048,
        "num_threads": 3, "signals_pending": 4, "voluntary_context_switches": 11, "involuntary_context_switches": 12,
        "nice_priority": -5, "realtime_priority": 3, "pid": 7, "read_bytes": 4, "write_bytes": 5, "read_count": 2, "write_count": 3,
        "rlimit_num_fds_soft": 1024, "rlimit_num_fds_hard": 524_288, "rlimit_nice_priority_hard": 5, "num_fds": 2,
      ].reduce(into: ["procstat_lookup_pid_count host=h exe=^/usr/bin/web pid_finder=native": 1]) {
        $0["procstat_\($1.key) host=h exe=^/usr/bin/web process_name=web"] = $1.value
      })
  }

  @Test(
    "which processes are meant",
    arguments: [
      (#""exe":"web""#, "exe=web", 1), (#""exe":"-x""#, "exe=-x", 0), (#""pattern":"web -x$""#, "pattern=web -x$", 1),
      (#""pattern":".""#, "pattern=.", 2), (#""pid_file":"/run/web.pid""#, "pidfile=/run/web.pid", 1),
      (#""pid_file":"/run/old.pid""#, "pidfile=/run/old.pid", 0), (#""pattern":"nosuch""#, "pattern=nosuch", 0),
    ])
  func selection(key: String, dimension: String, count: Double) throws {
    let run = try PluginRun(
      #"{"procstat":[{\#(key),"measurement":["pid_count"]}]}"#,
      [
        "proc/7/stat": Self.stat(7, "web", "S"), "proc/7/cmdline": "/usr/bin/web\0-x\0", "proc/8/stat": Self.stat(8, "other", "S"),
        "proc/8/cmdline": "/usr/bin/other\0", "run/web.pid": "7\n", "run/old.pid": "77\n",
      ])
    let dimensions = ["pid_finder=native", dimension].sorted().joined(separator: " ")
    expectEqual(run.sample(at: 0), ["procstat_lookup_pid_count host=h \(dimensions)": count])
  }

  @Test func aWrongPatternIsRefusedAtOnce() {
    #expect(throws: (any Error).self) { try PluginRun(#"{"procstat":[{"exe":"(","measurement":["pid"]}]}"#) }
  }

  @Test func thisMachineHasThisProcess() throws {
    let directory = ProcessDirectory(root: "")
    var found = false
    try directory.forEach { if $0 == getpid() { found = true } }
    #expect(found)
    #expect(directory.read(getpid(), "stat").flatMap { ProcessStat($0) } != nil)
    #expect((directory.count(getpid(), "fd") ?? 0) > 2)
    #expect(directory.target(getpid(), "exe")?.first == UInt8(ascii: "/"))
    #expect(directory.read(0, "stat") == nil)
  }
}
