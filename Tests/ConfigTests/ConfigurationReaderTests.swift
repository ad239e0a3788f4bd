import Testing

@testable import Config

/// What is said about a file, as `LINE severity text`.
private func said(_ text: String) throws -> [String] {
  try file(text).diagnostics.map { "\($0.line) \($0.severity) \($0.text)" }
}

private let iot = #""iotUrl": "h.example", "roleAlias": "r", "thingName": "t""#
private let cognito = #""userPoolId": "eu-west-1_a", "identityPoolId": "eu-west-1:b", "appClientId": "c""#

struct ConfigurationReaderTests {
  @Test func readsEveryKeyOfTheOriginal() throws {
    let read = try file(everyKeyOfTheOriginal)
    var expected = Configuration()
    expected.agent.instance = Configuration.Instance(prefix: "rpi", serial: "0011", command: "echo 42")
    expected.agent.authentication = .cognito(
      .init(
        accountId: "123456789012", userPoolId: "eu-west-1_AbCdEf123",
        identityPoolId: "eu-west-1:01234567-89ab-cdef-0123-456789abcdef", appClientId: "a1b2c3d4e5f6g7h8i9j0k1l2m3",
        password: .text(Secret("correct horse"))))
    expected.agent.region = "eu-west-1"
    expected.agent.metricsCollectionInterval = 60
    expected.agent.logsCollectionInterval = 2.5
    expected.agent.logfile = "/var/log/publisher.log"
    expected.agent.debug = true
    expected.metrics.namespace = "System/RaspberryPi"
    expected.logs.logGroupName = "/system/rpi/{instance_id}"
    expected.logs.group.retentionInDays = 7
    expected.logs.files = ["/var/log/syslog", "/var/log/app/*.log"].map { Configuration.File(filePath: $0) }
    expected.logs.files[1].settings.patterns = Configuration.PatternLists(include: ["a", "b"], exclude: ["c\\d+"])
    expected.logs.journal.collect = true
    expected.logs.journal.settings.patterns = Configuration.PatternLists(include: ["sshd"], exclude: ["CRON"])
    #expect(read.configuration == expected)
    #expect(read.diagnostics == [])
  }

  @Test func readsEveryKeyOfTheAgent() throws {
    let read = try file(everyKeyOfTheAgent)
    #expect(read.diagnostics == [])
    let logs = read.configuration.logs
    var group = Configuration.GroupSettings()
    group.retentionInDays = 14
    group.logGroupClass = .infrequentAccess
    group.kmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/0-1"
    group.tags = ["team": "lab", "cost": "42"]
    #expect(logs.group == group)
    #expect(logs.logStreamName == "{instance_id}")

    var web = Configuration.File(filePath: "/var/log/web/*.log")
    web.settings.logGroupName = "/web"
    web.settings.logStreamName = "{local_hostname}"
    web.settings.group.retentionInDays = 30
    web.settings.group.logGroupClass = .standard
    web.settings.group.kmsKeyId = "arn:aws:kms:eu-west-1:123456789012:key/0-2"
    web.settings.group.tags = ["team": "web"]
    web.settings.filters = [.init(.include, "a"), .init(.exclude, "b(c)")]
    web.timestampFormat = "%Y-%m-%d %H:%M:%S"
    web.timezone = .utc
    web.trimTimestamp = true
    web.multiLineStartPattern = Configuration.File.timestampFormatPlaceholder
    web.encoding = "iso-8859-1"
    web.blacklist = #"\.old$"#
    web.fromBeginning = true
    web.publishMultiLogs = true
    #expect(logs.files.first == web)
    #expect(logs.files.last?.settings.group.retentionInDays == -1)
    #expect(logs.files.last?.settings.group.retention == nil)

    #expect(
      logs.journals.map(\.source) == [
        "journal:units=ssh.service;priority=err;matches=A=b&_UID=0|_UID=1", "journal:units=a,b;priority=err",
        "journal:priority=info;matches=_TRANSPORT=kernel",
      ])
    #expect(logs.journals.map(\.collect) == [true, true, true])
    #expect(logs.journals.map(\.settings.logStreamName) == ["ssh", "kernel", nil])
    #expect(logs.journals.map(\.settings.filters) == [[.init(.exclude, "d")], [.init(.include, "e")], []])
  }

  @Test(arguments: [
    "{}", #"{"agent":{},"metrics":{},"logs":{}}"#, #"{"agent":null,"logs":{"logs_collected":null,"retention_in_days":null}}"#,
  ])
  func everyKeyIsOptional(_ text: String) throws {
    let read = try file(text)
    #expect(read.configuration == Configuration())
    #expect(read.diagnostics == [])
  }

  @Test func readsOwnKeys() throws {
    #expect(try file(#"{"agent":{"state_directory":"/var/lib/x"}}"#).configuration.agent.stateDirectory == "/var/lib/x")
  }

  @Test(arguments: [
    (#""/c.pem""#, ["/c.pem"], "/c.pem"), (#"["/c.pem"]"#, ["/c.pem"], "/c.pem"),
    (#"["/c.pem", "/k.pem"]"#, ["/c.pem", "/k.pem"], "/k.pem"), (#"["/c.pem", "/c.pem"]"#, ["/c.pem"], "/c.pem"),
  ])
  func readsIoT(_ certificate: String, _ paths: [String], _ keyPath: String) throws {
    let read = try file(#"{"agent": {"region": "eu-west-1", "authentication": {\#(iot), "certificate": \#(certificate)}}}"#)
    #expect(read.diagnostics == [])
    let files = try #require(CertificateFiles(paths))
    #expect(files.keyPath == keyPath)
    #expect(read.configuration.agent.authentication == .iot(.init(host: "h.example", roleAlias: "r", thingName: "t", certificate: files)))
  }

  @Test func readsRolesAnywhere() throws {
    let read = try file(everyKeyOfRolesAnywhere)
    #expect(read.diagnostics == [])
    guard case .rolesAnywhere(let found) = read.configuration.agent.authentication else {
      Issue.record("\(String(describing: read.configuration.agent.authentication))")
      return
    }
    #expect((found.trustAnchorArn, found.profileArn, found.roleArn) == (anchor, profile, role))
    #expect((found.durationSeconds, found.roleSessionName, found.region) == (900, "rpi-1", "eu-west-1"))
    #expect(found.certificate.paths == ["/c.pem", "/k.pem"])
  }

  @Test(arguments: [
    (#""password": "p""#, PasswordSource.text(Secret("p"))), (#""passwordFile": "/p""#, .file("/p")),
    (#""passwordCommand": "pass show x""#, .command("pass show x")), (#""passwordCommand": "x", "password": null"#, .command("x")),
  ])
  func readsWhereThePasswordIs(_ members: String, _ source: PasswordSource) throws {
    let read = try file(withPassword(members))
    #expect(read.diagnostics == [])
    #expect(
      read.configuration.agent.authentication
        == .cognito(.init(userPoolId: "eu-west-1_a", identityPoolId: "eu-west-1:b", appClientId: "c", password: source)))
  }

  @Test func readsWhatAnAppClientMayAskFor() throws {
    let read = try file(withPassword(#""password": "p", "appClientSecret": "canary", "authFlow": "user_password_auth""#))
    guard case .cognito(let cognito) = read.configuration.agent.authentication else {
      Issue.record("no Cognito")
      return
    }
    #expect((cognito.appClientSecret?.text, cognito.authFlow) == ("canary", .password))
    // Not even by accident.
    #expect(!"\(read.configuration)".contains("canary") && !String(reflecting: cognito).contains("canary"))
    var dumped = ""
    dump(cognito, to: &dumped)
    #expect(!dumped.contains("canary"))
  }

  @Test(arguments: [
    ("x.credentials.iot.eu-west-1.amazonaws.com", "x.credentials.iot.eu-west-1.amazonaws.com"),
    ("https://x.credentials.iot.eu-west-1.amazonaws.com/", "x.credentials.iot.eu-west-1.amazonaws.com"),
    ("HTTPS://h", "h"), ("h:8443/", "h:8443"), ("127.0.0.1:1", "127.0.0.1:1"),
    ("vpce-1.credentials.iot.eu-west-1.vpce.amazonaws.com", "vpce-1.credentials.iot.eu-west-1.vpce.amazonaws.com"), ("iot", "iot"),
  ])
  func aURLIsTakenForItsHost(_ url: String, _ host: String) throws {
    let text =
      #"{"agent":{"region":"a","authentication":{"iotUrl":"\#(url)","roleAlias":"r","thingName":"t","certificate":"c"}}}"#
    let read = try file(text)
    #expect(read.diagnostics == [])
    guard case .iot(let found) = read.configuration.agent.authentication else {
      Issue.record("no IoT")
      return
    }
    #expect(found.host == host)
  }

  @Test(arguments: [
    ("{}", true), (#"{"include_patterns":["x"]}"#, true), (#"{"collect":true}"#, true), (#"{"collect":null}"#, true),
    (#"{"collect":false}"#, false), ("null", false),
  ])
  func presenceOfTheJournalIsEnough(_ journal: String, _ collect: Bool) throws {
    let read = try file(#"{"logs":{"logs_collected":{"journal":\#(journal)}}}"#)
    #expect(read.configuration.logs.journal.collect == collect)
    #expect(read.diagnostics == [])
  }

  @Test func aSerialMayBeANumber() throws {
    for serial in ["4711", "12345678901234567", "0", "98765432109876543210987654321"] {
      #expect(try file(#"{"agent":{"instance":{"serial":\#(serial)}}}"#).configuration.agent.instance.serial == serial)
    }
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
          + "2557, 2922, 3288, 3653, the days that CloudWatch Logs offers, or -1, which leaves a group as it is; found 8"
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
    // groups and streams
    (
      "{\"logs\":{\"log_group_name\":\"/x/{date}\",\n\"log_stream_name\":\"{ip_address}\"}}",
      [
        "1 error logs.log_group_name: {date} would be the day of the last start for ever, not that of the event; "
          + "leave it out, CloudWatch Logs finds events by time",
        "2 error logs.log_stream_name: {ip_address} changes with the network and is not known before there is one; "
          + "use {hostname} or {instance_id}",
      ]
    ),
    (
      #"{"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/a","log_group_name":"/{host}","log_stream_name":"a:b"}]}}}}"#,
      [
        "1 error logs.logs_collected.files.collect_list[0].log_group_name: {host} is no placeholder; "
          + "there are {instance_id}, {hostname}, {local_hostname}",
        "1 error logs.logs_collected.files.collect_list[0].log_stream_name: expected 1 to 512 characters in quotes, "
          + #"no colon, no star and no control character; found "a:b""#,
      ]
    ),
    (
      "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[\n{\"file_path\":\"/a\",\"log_group_name\":\"g\",\"retention_in_days\":7},\n"
        + "{\"file_path\":\"/b\",\"log_group_name\":\"g\",\"retention_in_days\":-1},\n"
        + "{\"file_path\":\"/c\",\"log_group_name\":\"g\",\n\"retention_in_days\":5}]},\n"
        + "\"journald\":{\"collect_list\":[{\"log_group_name\":\"g\",\"tags\":{\"a\":\"b\"},\"retention_in_days\":7}]}}}}",
      [
        "5 error logs.logs_collected.files.collect_list[2].retention_in_days: the log group \"g\" has another retention_in_days in line 2; give it one"
      ]
    ),
    (
      "{\"logs\":{\"retention_in_days\":7,\n\"tags\":{\"a\":\"b\"},\"logs_collected\":{\"journal\":{\n\"retention_in_days\":5,\"tags\":{\"a\":\"c\"}}}}}",
      [
        "3 error logs.logs_collected.journal.retention_in_days: the log group \"/system/default/{instance_id}\" has another "
          + "retention_in_days in line 1; give it one",
        "3 error logs.logs_collected.journal.tags: the log group \"/system/default/{instance_id}\" has another tags in line 2; give it one",
      ]
    ),
    // events
    (
      "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[{\"file_path\":\"/a\",\"filters\":[\n{\"type\":\"drop\",\"expression\":\"x\"},\n7,\n"
        + "{\"expression\":[]},\n{\"typ\":\"include\",\"expression\":\"y\"}]}]}}}}",
      [
        #"2 error logs.logs_collected.files.collect_list[0].filters[0].type: expected include or exclude in quotes; found "drop""#,
        "3 error logs.logs_collected.files.collect_list[0].filters[1]: expected an object, in braces; found 7",
        "4 error logs.logs_collected.files.collect_list[0].filters[2].expression: expected a pattern in quotes; found an empty list",
        "4 error logs.logs_collected.files.collect_list[0].filters[2]: type is missing",
        "5 warning unknown key logs.logs_collected.files.collect_list[0].filters[3].typ; "
          + "did you mean logs.logs_collected.files.collect_list[].filters[].type?",
        "5 error logs.logs_collected.files.collect_list[0].filters[3]: type is missing",
      ]
    ),
    (
      #"{"logs":{"logs_collected":{"journal":{"filters":"x"}}}}"#,
      [#"1 error logs.logs_collected.journal.filters: expected a list of objects with type and expression; found "x""#]
    ),
    (
      #"{"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/a","timestamp_format":"%Q"}]}}}}"#,
      [
        "1 error logs.logs_collected.files.collect_list[0].timestamp_format: \"%Q\" stands for no part of a timestamp; "
          + "there are %Y %y %m %-m %B %b %d %-d %A %a %H %-H %I %-I %p %M %-M %S %-S %f %Z %z %F %T %D %R %e %k %l %j %G %V %u %s %%"
      ]
    ),
    (
      "{\"logs\":{\"logs_collected\":{\"files\":{\"collect_list\":[{\"file_path\":\"/a\",\n\"timezone\":\"UTC\",\n\"trim_timestamp\":true,\n"
        + "\"multi_line_start_pattern\":\"{timestamp_format}\",\n\"publish_multi_logs\":false}]}}}}",
      [
        "2 warning logs.logs_collected.files.collect_list[0].timezone has no effect without timestamp_format",
        "3 warning logs.logs_collected.files.collect_list[0].trim_timestamp has no effect without timestamp_format",
        "4 error logs.logs_collected.files.collect_list[0].multi_line_start_pattern: timestamp_format is missing, which it stands for",
        "5 warning logs.logs_collected.files.collect_list[0].publish_multi_logs is false, but all files that match are followed",
      ]
    ),
    (
      #"{"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/a","encoding":"klingon"}]}}}}"#,
      [
        "1 error logs.logs_collected.files.collect_list[0].encoding: expected the name of a character encoding that this system knows "
          + #"(iconv -l lists them), such as utf-8 or iso-8859-1; found "klingon""#
      ]
    ),
    // journals
    (
      "{\"logs\":{\"logs_collected\":{\"journal\":{},\"journald\":{\"collect_list\":[\n{\"units\":[\"a\",\"b\"]},\n{},\n"
        + "{\"units\":[\"b\",\"a\"],\"priority\":6}]}}}}",
      [
        "4 error logs.logs_collected.journald.collect_list[2]: the same entries of the journal are selected twice, first in line 2; join the two"
      ]
    ),
    (
      "{\"logs\":{\"logs_collected\":{\"journal\":{\"namespace\":\"mail\"},\"journald\":{\"collect_list\":[\n"
        + "{\"namespace\":\"*\"},{\"units\":[\"a\"],\"name_space\":\"web\"},\n{\"namespace\":\"web\"},{\"namespace\":\"web\"}]}}}}",
      [
        "2 error logs.logs_collected.journald.collect_list[0].namespace: expected the name of one journal namespace, such as the \"mail\" of "
          + #"LogNamespace=mail; list each in an element of its own; found "*""#,
        "2 warning unknown key logs.logs_collected.journald.collect_list[1].name_space; "
          + "did you mean logs.logs_collected.journald.collect_list[].namespace?",
        "3 error logs.logs_collected.journald.collect_list[3]: the same entries of the journal are selected twice, first in line 3; join the two",
      ]
    ),
    (
      #"{"logs":{"logs_collected":{"journald":{"collect_list":{}}}}}"#,
      ["1 error logs.logs_collected.journald.collect_list: expected a list of objects; found an object"]
    ),
    // authentication
    (#"{"agent":{"authentication":7}}"#, ["1 error agent.authentication: expected an object, in braces; found a number"]),
    (
      "{\"agent\":{\"region\":\"a\",\n\"authentication\":{}}}",
      [
        "2 error agent.authentication: password, passwordFile or passwordCommand (Cognito), or certificate (IoT, Roles Anywhere) is missing; "
          + "without agent.authentication the AWS profile is used"
      ]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(cognito),\#(iot),"password":"p","certificate":"c"}}}"#,
      ["1 error agent.authentication: password (Cognito) and certificate (IoT, Roles Anywhere) exclude each other; leave one out"]
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
      ["2 error agent.authentication: agent.region is missing; Cognito, IoT and Roles Anywhere are asked in one region"]
    ),
    (
      withPassword(#""password": "p", "passwordCommand": "c""#),
      ["1 error agent.authentication: password and passwordCommand exclude each other; leave one"]
    ),
    (
      withPassword(#""passwordFile": "p", "certificate": "c""#),
      ["1 error agent.authentication: passwordFile (Cognito) and certificate (IoT, Roles Anywhere) exclude each other; leave one out"]
    ),
    (
      #"{"agent":{"region":"a","authentication":{"certificate":"c"}}}"#,
      [
        "1 error agent.authentication: certificate needs iotUrl, roleAlias, thingName (IoT) "
          + "or trustAnchorArn, profileArn, roleArn (Roles Anywhere)"
      ]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(iot),"certificate":"c","roleArn":"\#(role)"}}}"#,
      ["1 error agent.authentication: iotUrl (IoT) and roleArn (Roles Anywhere) exclude each other; leave one out"]
    ),
    (
      #"{"agent":{"region":"a","authentication":{"certificate":"c","roleArn":"\#(role)"}}}"#,
      [
        "1 error agent.authentication: trustAnchorArn, profileArn missing; "
          + "certificate (Roles Anywhere) needs trustAnchorArn, profileArn, roleArn"
      ]
    ),
    (
      #"{"agent":{"region":"a","authentication":{"certificate":"c","roleArn":"\#(role)","trustAnchorArn":"\#(anchor)","#
        + #""profileArn":"arn:aws:rolesanywhere:us-east-1:123456789012:profile/1"}}}"#,
      ["1 error agent.authentication: trustAnchorArn and profileArn are of two regions or accounts; the two must lie together"]
    ),
    (
      "{\"agent\":{\"region\":\"a\",\"authentication\":{\(cognito),\"password\":\"p\",\n\"roleAlias\":\"r\",\"durationSeconds\":900}}}",
      [
        "2 warning agent.authentication.roleAlias has no effect beside the other keys of agent.authentication",
        "2 warning agent.authentication.durationSeconds has no effect beside the other keys of agent.authentication",
      ]
    ),
    (
      "{\"agent\":{\"region\":\"a\",\"authentication\":{\"roleAlias\":\"r\",\"thingName\":\"t\",\"certificate\":\"c\",\n"
        + "\"iotUrl\":\"https://a1-ats.iot.eu-west-1.amazonaws.com\"}}}",
      [
        "2 error agent.authentication.iotUrl: \"https://a1-ats.iot.eu-west-1.amazonaws.com\" is where things publish (MQTT), "
          + "not the credential provider; aws iot describe-endpoint --endpoint-type iot:CredentialProvider prints the right host"
      ]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(cognito),"password":"p","accountId":"1"}}}"#,
      [#"1 error agent.authentication.accountId: expected an AWS account id, 12 digits in quotes; found other text"#]
    ),
    (
      #"{"agent":{"region":"a","authentication":{\#(cognito),"password":["canary"]}}}"#,
      ["1 error agent.authentication.password: expected text in quotes that is not empty; found a list"]
    ),
    (
      withPassword(#""password": "p", "appClientSecret": 4711"#),
      ["2 error agent.authentication.appClientSecret: expected text in quotes that is not empty; found a number"]
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
      #"{"metrics":{"force_flush_interval":1}}"#,
      ["1 warning key metrics.force_flush_interval is known to the CloudWatch agent but not supported here yet; it has no effect"]
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
        "3 error agent.authentication: password, passwordFile or passwordCommand (Cognito), or certificate (IoT, Roles Anywhere) is missing; "
          + "without agent.authentication the AWS profile is used",
        "3 error agent.authentication: agent.region is missing; Cognito, IoT and Roles Anywhere are asked in one region",
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
      let needed = path.hasPrefix(Schema.collectList) ? "\"file_path\":\"/a\"," : ""
      let opening = parts.map { $0.hasSuffix("[]") ? "\"\($0.dropLast(2))\":[{\(needed)" : "\"\($0)\":{" }.joined()
      let closing = parts.reversed().map { $0.hasSuffix("[]") ? "}]" : "}" }.joined()
      let concrete = path.split(separator: "[]", omittingEmptySubsequences: false).joined(separator: "[0]")
      #expect(
        try said("{\(opening)\(closing)}") == [
          "1 warning key \(concrete) is known to the CloudWatch agent but not supported here yet; it has no effect"
        ])
    }
  }
}
