import Testing

@testable import MetricsCommand

struct SocketCountsTests {
  private func tcp(_ states: [String]) -> String {
    "  sl  local_address rem_address   st tx_queue\n"
      + states.enumerated().map { "   \($0): 0100007F:\(1000 + $0) 0100007F:0050 \($1) 00000000:00000000 00:00000000 0 0 0 99 1\n" }
      .joined()
  }

  @Test func everyStateHasItsName() throws {
    var counts = SocketCounts()
    parsed(tcp(["01", "02", "03", "04", "05", "06", "07", "08", "09", "0A", "0B", "0A"])) { counts.add($0, .tcp) }
    let fields: [NetstatPlugin.Field] = [
      .established, .synSent, .synReceived, .finWait1, .finWait2, .timeWait, .close, .closeWait, .lastAck, .listen, .closing,
    ]
    #expect(fields.map { counts[$0] } == [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1])
    #expect(counts[.none] == 0 && counts[.udp] == 0)
    counts.removeAll()
    #expect(fields.allSatisfy { counts[$0] == 0 })
  }

  @Test func equalOnesCountOnceAndUnixSocketsAreAmongThem() throws {
    let run = try PluginRun(
      #"{"netstat":{"measurement":["tcp_listen","tcp_none","udp_socket"]}}"#,
      [
        "proc/net/tcp": """
          sl
           0: 00000000:0050 00000000:0000 0A 0:0 0:0 0 0 0 1 1
           1: 00000000:0050 00000000:0000 0A 0:0 0:0 0 0 0 2 1

        """,
        "proc/net/udp": "sl\n 0: 00000000:0035 00000000:0000 07 0:0 0:0 0 0 0 1 1\n 1: 00000000:0035 00000000:0000 07 0:0 0:0 0 0 0 2 1\n",
        "proc/net/udp6": "sl\n 0: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 0:0 0:0 0 0 0 1 1\n",
        // Two unnamed streams are equal, as the agent sees them; a seqpacket socket is another kind.
        "proc/net/unix": """
        Num       RefCount Protocol Flags    Type St Inode Path
        0000000000000000: 00000002 00000000 00000000 0001 03 11
        0000000000000000: 00000002 00000000 00000000 0001 03 12
        0000000000000000: 00000002 00000000 00000000 0001 03 13 /run/a
        0000000000000000: 00000002 00000000 00000000 0002 01 14 /run/b
        0000000000000000: 00000002 00000000 00000000 0002 01 15
        0000000000000000: 00000002 00000000 00000000 0005 01 16 /run/c

        """,
      ])
    for second in 0..<2 {
      expectEqual(
        run.sample(at: Double(second)), ["netstat_tcp_listen host=h": 1, "netstat_tcp_none host=h": 3, "netstat_udp_socket host=h": 4])
    }
    #expect(run.warnings == [])
  }
}
