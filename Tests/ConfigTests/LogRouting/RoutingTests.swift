import Testing
@testable internal import Config

@Suite struct RoutingTests {
  private static let configuration = """
    {"logs": {
      "log_group_name": "/lab/{instance_id}", "retention_in_days": 30, "tags": {"team": "lab"},
      "logs_collected": {
        "files": {"collect_list": [
          {"file_path": "/var/log/syslog"},
          {"file_path": "/var/log/web/*.log", "log_group_name": "/web/{hostname}", "log_stream_name": "{instance_id}",
           "retention_in_days": 7, "log_group_class": "INFREQUENT_ACCESS"},
          {"file_path": "/var/log/app/*.log", "log_group_name": "/app", "log_stream_name": "x", "publish_multi_logs": true,
           "retention_in_days": -1},
          {"file_path": "/var/log/own", "log_stream_name": "own of {hostname}"},
          {"file_path": "/opt/app.log", "publish_multi_logs": true}
        ]},
        "journald": {"collect_list": [
          {"units": ["ssh"], "matches": [{"_EXE": "/bin/a"}], "log_group_name": "/web/{hostname}"}, {"log_stream_name": "journal"}
        ]}
      }
    }}
    """

  private static func configuration(_ text: String) throws -> Configuration {
    let file = try ConfigurationFile(path: "f", text: Array(text.utf8))
    #expect(file.errors == [])
    return file.configuration
  }

  private static func routing(
    _ text: String = configuration, hostName: String = "pi", logGroup: String? = nil, logStream: String? = nil,
    retentionInDays: Int? = nil
  ) throws -> Routing {
    try Routing(
      configuration(text), names: MachineNames(hostName: hostName) { "i-1" }, logGroup: logGroup, logStream: logStream,
      retentionInDays: retentionInDays)
  }

  @Test(arguments: [
    ("/var/log/syslog", "/lab/i-1", "syslog"), ("/var/log/web/a.log", "/web/pi", "i-1"), ("/var/log/web/b.log", "/web/pi", "i-1"),
    // As the CloudWatch agent joins them; `a b.log` would have the name of `a_b.log`.
    ("/var/log/app/a_b.log", "/app", "x__var_log_app_a_b.log"), ("/var/log/app/a b.log", "/app", "x/var/log/app/a b.log"),
    ("/var/log/own", "/lab/i-1", "own of pi"),
    ("/opt/app.log", "/lab/i-1", "/opt/app.log"),
    ("journal:units=ssh;priority=info;matches=_EXE=/bin/a", "/web/pi", "journal_units=ssh;priority=info;matches=_EXE=/bin/a"),
    ("journal:priority=info", "/lab/i-1", "journal"), ("journal", "/lab/i-1", "journal"), ("/elsewhere/log", "/lab/i-1", "log"),
  ])
  func sendsEachSourceToItsPlace(source: String, group: String, stream: String) throws {
    #expect(try Self.routing().destination(of: source) == Destination(group: group, stream: stream))
  }

  /// The name of a file cannot choose another file's stream.
  @Test(arguments: [
    ("/home/bob/x.log", "x__home_bob_x.log"), ("/home/bob/x_y.log", "x__home_bob_x_y.log"), ("/home/bob_x/y.log", "x/home/bob_x/y.log"),
    ("/home/bob/x y.log", "x/home/bob/x y.log"), ("/home/bob/x:y.log", "x/home/bob/x%3Ay.log"),
    ("/home/b%3Ab_/x.log", "x/home/b%253Ab_/x.log"), ("/opt/a b.log", "x__opt_a_b.log"), ("/srv/x", "x__tmp_app1.txt"),
    ("/tmp/app1.txt", "x/tmp/app1.txt"), ("/tmp/app2.txt", "x__tmp_app2.txt"), ("/drop/x__tmp_app1.txt", "/drop/x__tmp_app1.txt"),
    ("/drop/x__tmp_app2.txt", "/drop/x__tmp_app2.txt"), ("/drop/y.txt", "y.txt"),
  ])
  func noTwoFilesShareAStream(source: String, stream: String) throws {
    let multi = ["/home/*/*.log", "/opt/a b.log", "/tmp/app*.txt"].map {
      #"{"file_path":"\#($0)","log_stream_name":"x","publish_multi_logs":true}"#
    }
    let entries = multi + [#"{"file_path":"/srv/x","log_stream_name":"x__tmp_app1.txt"}"#, #"{"file_path":"/drop/*.txt"}"#]
    let routing = try Self.routing(#"{"logs":{"logs_collected":{"files":{"collect_list":[\#(entries.joined(separator: ","))]}}}}"#)
    #expect(routing.destination(of: source).stream == stream)
  }

  /// Every path of a small world that the globs find, in both directions of every choice.
  @Test func streamsOfManyFilesDiffer() throws {
    let parts = ["a", "b", "a_b", "a b", "_", "a:b", "a%3Ab", "é", "b_a"]
    let paths = parts.flatMap { one in parts.map { "/w/\(one)/\($0)" } } + parts.map { "/w/\($0)" } + parts.map { "/w_a/\($0)" }
    let globs = ["/w/*/*", "/w/*", "/w_a/*"].map { #"{"file_path":"\#($0)","log_stream_name":"s","publish_multi_logs":true}"# }
    let routing = try Self.routing(#"{"logs":{"logs_collected":{"files":{"collect_list":[\#(globs.joined(separator: ","))]}}}}"#)
    #expect(Set(paths.map { routing.destination(of: $0) }).count == paths.count)
  }

  @Test func oneStreamMayBeNamedForAll() throws {
    let routing = try Self.routing(
      #"{"logs":{"log_stream_name":"{hostname}","logs_collected":{"files":{"collect_list":[{"file_path":"/a"},{"file_path":"/b","log_stream_name":"b"}]}}}}"#
    )
    #expect(["/a", "/b", "/c", "journal"].map { routing.destination(of: $0).stream } == ["pi", "b", "pi", "pi"])
  }

  @Test func optionsWin() throws {
    let routing = try Self.routing(logGroup: "g", logStream: "s", retentionInDays: 1)
    for source in ["/var/log/syslog", "/var/log/web/a.log", "/var/log/app/a.log", "journal"] {
      #expect(routing.destination(of: source) == Destination(group: "g", stream: "s"))
    }
    // The tags of the default group, which it stands for.
    #expect(routing.settings(ofGroup: "g").tags == ["team": "lab"])
    #expect(routing.settings(ofGroup: "g").logGroupClass == nil)
    #expect(routing.settings(ofGroup: "g").retention == 1)
  }

  @Test func knowsWhatGroupsAreMadeWith() throws {
    let routing = try Self.routing()
    #expect(routing.settings(ofGroup: "/lab/i-1").retention == 30)
    #expect(routing.settings(ofGroup: "/lab/i-1").tags == ["team": "lab"])
    #expect(routing.settings(ofGroup: "/web/pi").retention == 7)
    #expect(routing.settings(ofGroup: "/web/pi").logGroupClass == .infrequentAccess)
    #expect(routing.settings(ofGroup: "/web/pi").tags == [:])
    #expect(routing.settings(ofGroup: "/app").retention == nil)
    #expect(routing.settings(ofGroup: "/of a record") == Configuration.GroupSettings())
  }

  @Test func whatAGroupCannotHaveInItsNameIsReplaced() throws {
    #expect(try Self.routing(hostName: "pi's näme:1").destination(of: "/var/log/web/a.log").group == "/web/pi_s_n_me_1")
    #expect(try Self.routing(hostName: "a:b*").destination(of: "/var/log/own").stream == "own of a_b_")
  }

  static let contradictions = [
    // Known only once the names are put in.
    (
      #"{"file_path":"/a","log_group_name":"{hostname}","retention_in_days":7},{"file_path":"/b","log_group_name":"pi","retention_in_days":5}"#,
      "logs.logs_collected.files.collect_list[1].retention_in_days: the log group 'pi' has another one elsewhere; give it one"
    ),
    (
      #"{"file_path":"/a","log_group_name":"\#(String(repeating: "g", count: 500)){hostname}{hostname}{hostname}{hostname}{hostname}{hostname}{hostname}"}"#,
      "logs.logs_collected.files.collect_list[0].log_group_name becomes '\(String(repeating: "g", count: 500))pipipipipipipi', "
        + "which is no log group name"
    ),
  ]
  @Test(arguments: contradictions)
  func refusesWhatCannotBe(_ entries: String, _ message: String) throws {
    let text = #"{"logs":{"logs_collected":{"files":{"collect_list":[\#(entries)]}}}}"#
    do {
      _ = try Self.routing(text)
      Issue.record("nothing was thrown")
    } catch let error as ConfigurationError {
      #expect(error.message == message)
    }
    // Nothing is refused that is not used.
    #expect(throws: Never.self) { try Self.routing(text, logGroup: "g") }
  }

  @Test func withoutConfigurationTheOptionsSayAll() throws {
    let routing = try Routing(nil, names: nil, logGroup: "g", logStream: nil, retentionInDays: 7)
    #expect(routing.destination(of: "/var/log/a.log") == Destination(group: "g", stream: "a.log"))
    #expect(routing.settings(ofGroup: "g").retention == 7)
    #expect(throws: ConfigurationError.self) { try Routing(nil, names: nil, logGroup: nil, logStream: "s", retentionInDays: nil) }
  }
}
