import Testing

@testable import Config

struct ConfigurationTemplateTests {
  private func template(_ text: String) throws -> ConfigurationTemplate { try ConfigurationTemplate(Array(text.utf8), path: "t") }

  @Test(arguments: [
    ("{}", "agent.region", #"{"agent":{"region":"x"}}"#),
    (#"{"agent":null}"#, "agent.region", #"{"agent":{"region":"x"}}"#),
    (
      #"{"a":1,"agent":{"region":"y","debug":true},"z":[1,null,{"q":-2.5}]}"#, "agent.region",
      #"{"a":1,"agent":{"region":"x","debug":true},"z":[1,null,{"q":-2.5}]}"#
    ),
    (#"{"agent":{"debug":true}}"#, "agent.region", #"{"agent":{"debug":true,"region":"x"}}"#),
    // The last one counts.
    (#"{"agent":{"region":"y","region":"z"}}"#, "agent.region", #"{"agent":{"region":"y","region":"x"}}"#),
    (#"{"agent":{},"agent":{}}"#, "agent.region", #"{"agent":{},"agent":{"region":"x"}}"#),
  ])
  func setsAKeyInItsPlace(_ before: String, _ key: String, _ after: String) throws {
    var template = try template(before)
    try template.set(key, to: .text("x"))
    let expected = try self.template(after)
    #expect(template.text == expected.text)
    #expect(template[key] == .text("x"))
  }

  @Test(arguments: [
    ("{}", "agent.region", "{}"), (#"{"agent":5}"#, "agent.region", #"{"agent":5}"#),
    (#"{"agent":{"region":1,"debug":true,"region":2}}"#, "agent.region", #"{"agent":{"debug":true}}"#),
    (#"{"agent":{"a":1},"b":2,"agent":{"a":2,"c":3}}"#, "agent.a", #"{"agent":{},"b":2,"agent":{"c":3}}"#),
    (#"{"agent":{"authentication":{"password":"p"},"debug":true}}"#, "agent.authentication", #"{"agent":{"debug":true}}"#),
  ])
  func takesAKeyOut(_ before: String, _ key: String, _ after: String) throws {
    var template = try template(before)
    template.remove(key)
    let expected = try self.template(after)
    #expect(template.text == expected.text)
  }

  @Test(arguments: [
    ("{\"agent\":\n5}", "agent.region", "t:1: agent: expected an object, in braces; found 5"),
    ("{\"agent\":{\n\"instance\":\"rpi\"}}", "agent.instance.prefix", "t:2: agent.instance: expected an object, in braces; found \"rpi\""),
    (#"{"logs":[{}]}"#, "logs.logs_collected.journal.collect", "t:1: logs: expected an object, in braces; found a list"),
  ])
  func aKeyInSomethingThatIsNoObjectIsRefused(_ text: String, _ key: String, _ message: String) throws {
    var template = try template(text)
    #expect(configurationError { try template.set(key, to: .null) }?.message == message)
  }

  @Test(arguments: [
    ("[]", "t: expected an object, in braces"), ("{", "t:1:2: not valid JSON: a key in double quotes is expected, but the file ends here"),
  ])
  func whatIsNoObjectIsRefused(_ text: String, _ message: String) {
    #expect(configurationError { _ = try template(text) }?.message == message)
  }

  @Test func textIsWrittenAsItWasRead() throws {
    let odd = #"/&\"'`$é𝄞"# + "\n\t\u{1}\u{7F}\u{2028}"
    var template = try template(#"{"own":{"x":1}}"#)
    try template.set("own.é", to: .text(odd))
    #expect(try self.template(template.text)["own.é"] == .text(odd))
  }

  @Test(arguments: [
    ("{}", "rpi-1", "rpi", "1"), ("{}", "a-b-c", "a", "b-c"),
    (#"{"agent":{"instance":{"prefix":"a-b","serial":"9"}}}"#, "a-b-c", "a-b", "c"),
  ])
  func anIdTakesTheCommandsPlace(_ text: String, _ id: String, _ prefix: String, _ serial: String) throws {
    var template = try template(text)
    try template.set("agent.instance.command", to: .text("false"))
    try template.identify(id)
    #expect(template["agent.instance.prefix"] == .text(prefix))
    #expect(template["agent.instance.serial"] == .text(serial))
    #expect(template["agent.instance.command"] == nil)
  }

  @Test(arguments: ["alpha", "-", "--", "x-", "-x", ""]) func idsWithoutTwoParts(_ id: String) throws {
    var template = try template("{}")
    let message = "'\(id)' has no dash between two parts, as the id of a machine with a configuration has (agent.instance: prefix-serial)"
    #expect(ConfigurationTemplate.validationError(id) == message)
    #expect(configurationError { try template.identify(id) }?.message == message)
    #expect(template.text == "{}\n")
  }
}
