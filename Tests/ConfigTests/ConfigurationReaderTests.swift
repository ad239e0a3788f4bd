import Testing

@testable import Config

/// What is said about a file, as `LINE severity text`.
private func said(_ text: String) throws -> [String] {
  try file(text).problems.map { "\($0.line) \($0.severity) \($0.text)" }
}

private let iot = #""iotUrl": "h.example", "roleAlias": "r", "thingName": "t""#
private let cognito = #""userPoolId": "eu-west-1_a", "identityPoolId": "eu-west-1:b", "appClientId": "c""#

struct ConfigurationReaderTests {
  @Test func readsEveryKeyOfTheOriginal() throws {
    let read = try file(everyKeyOfTheOriginal)
    var expected = Configuration()
    expected.agent.instance = Configuration.Instance(prefix: "rpi", serial: "0011", command: "echo 42")
    expected.agent.authentication = .cognito(
      accountId: "123456789012", userPoolId: "eu-west-1_AbCdEf123", identityPoolId: "eu-west-1:01234567-89ab-cdef-0123-456789abcdef",
      appClientId: "a1b2c3d4e5f6g7h8i9j0k1l2m3", password: "correct horse")
    expected.agent.region = "eu-west-1"
    expected.agent.metricsCollectionInterval = 60
    expected.agent.logsCollectionInterval = 2.5
    expected.agent.logfile = "/var/log/publisher.log"
    expected.agent.debug = true
    expected.metrics.namespace = "System/RaspberryPi"
    expected.logs.logGroupName = "/system/rpi/{instance_id}"
    expected.logs.retentionInDays = 7
    expected.logs.files = [
      Configuration.File(filePath: "/var/log/syslog"),
      Configuration.File(filePath: "/var/log/app/*.log", patterns: Configuration.PatternLists(include: ["a", "b"], exclude: ["c\\d+"])),
    ]
    expected.logs.journal.collect = true
    expected.logs.journal.patterns = Configuration.PatternLists(include: ["sshd"], exclude: ["CRON"])
    #expect(read.configuration == expected)
    #expect(read.problems == [])
  }

  @Test(arguments: [
    "{}", #"{"agent":{},"metrics":{},"logs":{}}"#, #"{"agent":null,"logs":{"logs_collected":null,"retention_in_days":null}}"#,
  ])
  func everyKeyIsOptional(_ text: String) throws {
    let read = try file(text)
    #expect(read.configuration == Configuration())
    #expect(read.problems == [])
  }

  @Test func readsOwnKeys() throws {
    #expect(try file(#"{"agent":{"state_directory":"/var/lib/x"}}"#).configuration.agent.stateDirectory == "/var/lib/x")
  }

  @Test(arguments: [
    (
      #""/c.pem""#,
      Configuration.Authentication.iot(url: "h.example", roleAlias: "r", thingName: "t", certificatePath: "/c.pem", keyPath: nil)
    ),
    (#"["/c.pem"]"#, .iot(url: "h.example", roleAlias: "r", thingName: "t", certificatePath: "/c.pem", keyPath: nil)),
    (#"["/c.pem", "/k.pem"]"#, .iot(url: "h.example", roleAlias: "r", thingName: "t", certificatePath: "/c.pem", keyPath: "/k.pem")),
  ])
  func readsIoT(_ certificate: String, _ authentication: Configuration.Authentication) throws {
    let read = try file(#"{"agent": {"region": "eu-west-1", "authentication": {\#(iot), "certificate": \#(certificate)}}}"#)
    #expect(read.problems == [])
    #expect(read.configuration.agent.authentication == authentication)
  }

  @Test func accountIdMayBeMissing() throws {
    let read = try file(#"{"agent": {"region": "eu-west-1", "authentication": {\#(cognito), "password": "p"}}}"#)
    #expect(read.problems == [])
    #expect(
      read.configuration.agent.authentication
        == .cognito(accountId: nil, userPoolId: "eu-west-1_a", identityPoolId: "eu-west-1:b", appClientId: "c", password: "p"))
  }

  @Test(arguments: [
    ("{}", true), (#"{"include_patterns":["x"]}"#, true), (#"{"collect":true}"#, true), (#"{"collect":null}"#, true),
    (#"{"collect":false}"#, false), ("null", false),
  ])
  func presenceOfTheJournalIsEnough(_ journal: String, _ collect: Bool) throws {
    let read = try file(#"{"logs":{"logs_collected":{"journal":\#(journal)}}}"#)
    #expect(read.configuration.logs.journal.collect == collect)
    #expect(read.problems == [])
  }

  @Test func aSerialMayBeANumber() throws {
    #expect(try file(#"{"agent":{"instance":{"serial":4711}}}"#).configuration.agent.instance.serial == "4711")
  }

  // A table of its own: Swift 6.0.3 crashes over text put together inside the macro's argument.
  static let faults: [(text: String, said: [String])] = [
    // shape
    ("[]", ["1 error expected an object, in braces, such as {}; found an empty list"]),
    ("\n7", ["2 error expected an object, in braces, such as {}; found 7"]),
    (#"{"agent": []}"#, ["1 error agent: expected an object, in braces; found an empty list"]),
    (
      "{\"logs\":\n{\"logs_collected\":\n{\"files\": [1]}}}",
      ["3 error logs.logs_collected.files: expected an object, in braces; found a list"]
    ),
    (#"{"logs":{"logs_collected":{"journal":true}}}"#, ["1 error logs.logs_collected.journal: expected an object, in braces; found true"]),
    // values
    (
      "{\"agent\":{\n\"metrics_collection_interval\": 0}}",
      ["2 error agent.metrics_collection_interval: expected a number of seconds above 0 and at most 172800; found 0"]
    ),
    (
      "{\"agent\":{\"logs_collection_interval\":\n\"10\"}}",
      ["1 error agent.logs_collection_interval: expected a number of seconds above 0 and at most 172800; found \"10\""]
    ),
    (#"{"agent":{"debug":"yes"}}"#, [#"1 error agent.debug: expected true or false; found "yes""#]),
    (
      #"{"agent":{"logfile":""}}"#,
      [#"1 error agent.logfile: expected text in quotes that is not empty, without control characters; found """#]
    ),
    (
      #"{"agent":{"instance":{"prefix":"a b"}}}"#,
      [#"1 error agent.instance.prefix: expected letters, digits and . _ - in quotes; found "a b""#]
    ),
    (
      #"{"logs":{"retention_in_days":8}}"#,
      [
        "1 error logs.retention_in_days: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, "
          + "2557, 2922, 3288, 3653, the days that CloudWatch Logs offers; found 8"
      ]
    ),
    // files
    (
      #"{"logs":{"logs_collected":{"files":{"collect_list":{}}}}}"#,
      ["1 error logs.logs_collected.files.collect_list: expected a list of objects, each with file_path; found an object"]
    ),
    (
      "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[\n{\"file_path\":\"/a\"},\n{},\n\"/b\",\n{\"file_path\":\"\"}]}}}}",
      [
        "3 error logs.logs_collected.files.collect_list[1]: file_path is missing",
        "4 error logs.logs_collected.files.collect_list[2]: expected an object, in braces; found \"/b\"",
        "5 error logs.logs_collected.files.collect_list[3].file_path: "
          + "expected text in quotes that is not empty, without control characters; found \"\"",
      ]
    ),
    (
      "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[\n{\"file_path\":\"/a\"},\n{\"file_path\":\"/a\"}]}}}}",
      ["3 error logs.logs_collected.files.collect_list[1]: \"/a\" is in the list twice, first in line 2; join the two"]
    ),
    (
      #"{"logs":{"logs_collected":{"journal":{"include_patterns":"x"}}}}"#,
      [#"1 error logs.logs_collected.journal.include_patterns: expected a list of patterns in quotes; found "x""#]
    ),
    // authentication
    (#"{"agent":{"authentication":7}}"#, ["1 error agent.authentication: expected an object, in braces; found 7"]),
    (
      "{\"agent\":{\"region\":\"a\",\n\"authentication\":{}}}",
      [
        "2 error agent.authentication: password (Cognito) or certificate (IoT) is missing; "
          + "without agent.authentication the AWS profile is used"
      ]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(cognito),\#(iot),"password":"p","certificate":"c"}}}"#,
      ["1 error agent.authentication: password (Cognito) and certificate (IoT) exclude each other; leave one out"]
    ),
    (
      #"{"agent":{"region":"a","authentication":{"password":"p","userPoolId":"a_b"}}}"#,
      [
        "1 error agent.authentication: identityPoolId, appClientId missing; "
          + "password (Cognito) needs userPoolId, identityPoolId, appClientId"
      ]
    ),
    (
      #"{"agent":{"region":"a","authentication":{"certificate":"c","iotUrl":"h"}}}"#,
      ["1 error agent.authentication: roleAlias, thingName missing; certificate (IoT) needs iotUrl, roleAlias, thingName"]
    ),
    (
      "{\"agent\":{\n\"authentication\":{\(iot),\"certificate\":\"c\"}}}",
      ["2 error agent.authentication: agent.region is missing; Cognito and IoT are asked in one region"]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(cognito),"password":"p","accountId":"1"}}}"#,
      [#"1 error agent.authentication.accountId: expected an AWS account id, 12 digits in quotes; found "1""#]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(cognito),"password":["canary"]}}}"#,
      ["1 error agent.authentication.password: expected text in quotes that is not empty; found a list"]
    ),
    // keys
    ("{\"agent\":{\n\n\"instnace\":{}}}", ["3 warning unknown key agent.instnace; did you mean agent.instance?"]),
    (#"{"_comment":1}"#, ["1 warning unknown key _comment; it has no effect"]),
    (#"{"region":"eu-west-1"}"#, ["1 warning unknown key region; did you mean agent.region?"]),
    (
      #"{"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"a","exclude_pattern":[]}]}}}}"#,
      [
        "1 warning unknown key logs.logs_collected.files.collect_list[0].exclude_pattern; "
          + "did you mean logs.logs_collected.files.collect_list[].exclude_patterns?"
      ]
    ),
    (
      #"{"metrics":{"append_dimensions":{"anything":1}}}"#,
      ["1 warning key metrics.append_dimensions is known to the CloudWatch agent but not supported here yet; it has no effect"]
    ),
    (
      "{\"agent\":{\"region\":\"a\",\n\"debug\":true,\n\"region\":\"b\",\"region\":\"c\"}}",
      [
        "3 warning duplicate key agent.region, first in line 1; the last one counts",
        "3 warning duplicate key agent.region, first in line 1; the last one counts",
      ]
    ),
    (#"{"agent":{"debug":1,"debug":true}}"#, ["1 warning duplicate key agent.debug, first in line 1; the last one counts"]),
    // everything is found, from top to bottom
    (
      "{\"logs\":{\"retention_in_day\":7},\n\"agent\":{\"debug\":0,\n\"authentication\":{}}}",
      [
        "1 warning unknown key logs.retention_in_day; did you mean logs.retention_in_days?",
        "2 error agent.debug: expected true or false; found 0",
        "3 error agent.authentication: password (Cognito) or certificate (IoT) is missing; "
          + "without agent.authentication the AWS profile is used",
        "3 error agent.authentication: agent.region is missing; Cognito and IoT are asked in one region",
      ]
    ),
  ]

  @Test(arguments: faults)
  func saysWhatIsWrong(_ text: String, _ expected: [String]) throws {
    #expect(try said(text) == expected)
  }

  @Test func theLastOfTwoEqualKeysCountsAsInPython() throws {
    #expect(try file(#"{"agent":{"region":"a","region":"b"}}"#).configuration.agent.region == "b")
    #expect(try file(#"{"agent":{"region":"a"},"agent":{}}"#).configuration.agent.region == nil)
  }

  @Test func namesEveryUnsupportedKeyAsSuch() throws {
    // A dotted name such as service.name is one key in the file.
    for path in Schema.unsupported where !path.hasSuffix("service.name") && !path.hasSuffix("deployment.environment") {
      let parts = path.split(separator: ".")
      let opening = parts.map { $0.hasSuffix("[]") ? "\"\($0.dropLast(2))\":[{\"file_path\":\"/a\"," : "\"\($0)\":{" }.joined()
      let closing = parts.reversed().map { $0.hasSuffix("[]") ? "}]" : "}" }.joined()
      let concrete = path.split(separator: "[]", omittingEmptySubsequences: false).joined(separator: "[0]")
      #expect(
        try said("{\(opening)\(closing)}") == [
          "1 warning key \(concrete) is known to the CloudWatch agent but not supported here yet; it has no effect"
        ])
    }
  }
}
