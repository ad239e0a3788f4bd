import Config
import TestSupport
import Testing
import Unix

@testable import ConfigCommand

struct FillTests {
  private func filled(_ template: String, _ arguments: [String], id: String? = nil) throws -> String {
    let assignments = try arguments.enumerated().map { try Assignment($1, number: $0 + 1) }
    return try Fill.filled(ConfigurationTemplate(Array(template.utf8), path: "t"), assignments, instanceId: id)
  }

  @Test func theRestStandsAsItIs() throws {
    let template = #"{"x":[],"agent":{"authentication":{"password":"PASSWORD","appClientId":"ID"},"region":"REGION"},"y":null,"z":{}}"#
    let arguments = [
      "agent.region=eu-west-1", "agent.authentication.password=", "agent.authentication.passwordFile=/p=q", "agent.debug=true",
    ]
    let expected = """
      {
        "x": [],
        "agent": {
          "authentication": {
            "appClientId": "ID",
            "passwordFile": "/p=q"
          },
          "region": "eu-west-1",
          "debug": true
        },
        "y": null,
        "z": {}
      }

      """
    #expect(try filled(template, arguments) == expected)
  }

  @Test func numbersStandAsTheyAre() throws {
    let template = """
      {
        "a": 1.10,
        "b": 12345678901234567,
        "c": -0,
        "d": 1E+2,
        "e": [
          0.1000
        ]
      }

      """
    #expect(try filled(template, []) == template)
    #expect(try filled("{}", ["agent.metrics_collection_interval=1.10"]).contains(" 1.10\n"))
  }

  /// The command line's value, and the JSON that it becomes.
  @Test(arguments: [
    ("agent.instance.command", #"a/b&c\d"e'f`$é𝄞 "#, #""a/b&c\\d\"e'f`$é𝄞 ""#), ("agent.instance.serial", "0011", #""0011""#),
    ("agent.instance.serial", "11", #""11""#), ("agent.authentication.accountId", "123456789012", #""123456789012""#),
    ("agent.authentication.passwordFile", "true", #""true""#), ("agent.authentication.passwordFile", #""x""#, #""\"x\"""#),
    ("agent.authentication.passwordFile", "[]", #""[]""#), ("agent.debug", "false", "false"),
    ("agent.metrics_collection_interval", "2.50", "2.50"),
    ("logs.retention_in_days", "-1", "-1"), ("logs.retention_in_days", "7", "7"), ("agent.authentication.certificate", "/c", #""/c""#),
    ("agent.authentication.certificate", #"["/c","/k"]"#, #"["/c","/k"]"#), ("agent.authentication.certificate", "[x", #""[x""#),
    ("logs.logs_collected.journal.include_patterns", #"["a\nb","\\d"]"#, #"["a\nb","\\d"]"#), ("logs.tags", #"{"a":"b"}"#, #"{"a":"b"}"#),
    ("logs.logs_collected.journal.priority", "3", #""3""#), ("logs.log_group_name", "/a/{instance_id}", #""/a/{instance_id}""#),
  ])
  func aValueIsWhatTheKeyTakes(_ key: String, _ typed: String, _ json: String) throws {
    let names = key.split(separator: ".")
    let opening = names.map { "{\"\($0)\":" }.joined()
    let expected = try filled(opening + json + String(repeating: "}", count: names.count), [])
    #expect(try filled("{}", ["\(key)=\(typed)"]) == expected)
  }

  @Test(arguments: [
    ("agent.regon=x", "unknown key agent.regon; did you mean agent.region?"),
    ("region=x", "unknown key region; did you mean agent.region?"),
    ("agent.regon=", "unknown key agent.regon; did you mean agent.region?"), ("=x", "unknown key "),
    ("agent.region", "agent.region has no value; write agent.region=VALUE, or agent.region= to take it out"),
    ("s3cret", "number 1 behind the template is no KEY=VALUE, such as agent.region=eu-west-1"),
    ("agent.region=EU", #"agent.region: expected the name of an AWS region, such as eu-west-1; found "EU""#),
    ("agent.debug=yes", #"agent.debug: expected true or false; found "yes""#),
    (
      "agent.metrics_collection_interval=0",
      #"agent.metrics_collection_interval: expected a number of seconds above 0 and at most 172800; found "0""#
    ),
    (
      "logs.logs_collected.journal.units=ssh",
      #"logs.logs_collected.journal.units: expected a list of systemd units in quotes, each of up to 256 characters; found "ssh""#
    ),
    (
      "agent.instance.command=a\nb",
      #"agent.instance.command: expected text in quotes that is not empty, without control characters; found "a\nb""#
    ),
    ("agent.authentication=x", "agent.authentication is no single value; set keys in it, or write it into the template"),
    (
      "logs.logs_collected.files.collect_list=[]",
      "logs.logs_collected.files.collect_list is no single value; set keys in it, or write it into the template"
    ),
    (
      "agent.authentication.password=s3cret",
      "agent.authentication.password is a secret, which others could see on the command line; put it into a file, and set agent.authentication.passwordFile"
    ),
    (
      "agent.authentication.appClientSecret=s3cret",
      "agent.authentication.appClientSecret is a secret, which others could see on the command line; write it into the template"
    ),
  ])
  func aWrongAssignmentHasOneLine(_ argument: String, _ message: String) {
    let error = thrown(CommandError.self) { _ = try Assignment(argument, number: 1) }
    #expect(error?.status == .usage)
    #expect(error?.message == message)
  }

  @Test func theLastOfTwoCounts() throws {
    #expect(try filled("{}", ["agent.debug=true", "agent.debug=", "agent.debug=false"]) == filled(#"{"agent":{"debug":false}}"#, []))
  }

  @Test func anIdIsSetBeforeTheRest() throws {
    let expected = try filled(#"{"agent":{"instance":{"prefix":"lab","serial":"1"}}}"#, [])
    #expect(try filled(#"{"agent":{"instance":{"prefix":"rpi","command":"c"}}}"#, ["agent.instance.prefix=lab"], id: "rpi-1") == expected)
  }
}
