import Testing

@testable internal import Config

@Suite struct DestinationTests {
  @Test(arguments: [
    ("a", true), ("/home/pi", true), ("A-Z_a.z/0-9#", true), (String(repeating: "x", count: 512), true), ("", false),
    (String(repeating: "x", count: 513), false), ("with space", false), ("colon:", false), ("star*", false), ("gr\u{FC}n", false),
    ("a\n", false),
    ("aws/lambda", false), ("/aws/lambda", true), ("awsome", true), ("a@b", false), ("a[b", false), ("a`b", false), ("a{b", false),
  ])
  func knowsGroupNames(name: String, isValid: Bool) { #expect(NameRules.isGroupName(name) == isValid) }

  @Test(arguments: [
    ("a", true), ("/var/log/syslog", true), ("with space, [$LATEST] & gr\u{FC}n \u{1F600}", true),
    (String(repeating: "\u{E4}", count: 512), true),
    ("", false), (String(repeating: "x", count: 513), false), ("colon:", false), ("star*", false), ("a\nb", false), ("\u{0}", false),
    ("\u{7F}", false),
  ])
  func knowsStreamNames(name: String, isValid: Bool) { #expect(NameRules.isStreamName(name) == isValid) }

  @Test(arguments: [
    ("/var/log/syslog", "/var/log/syslog"), ("a:b*c", "a_b_c"), ("a\nb\u{7F}", "a_b_"), ("", "_"), ("gr\u{FC}n", "gr\u{FC}n"),
    (String(repeating: "x", count: 10) + String(repeating: "y", count: 512), String(repeating: "y", count: 512)),
  ])
  func makesStreamNamesOfPaths(path: String, name: String) {
    #expect(NameRules.streamName(path) == name)
    #expect(NameRules.isStreamName(NameRules.streamName(path)))
  }

  /// The service has two streams for two spellings of one character.
  @Test func comparesNamesAsBytes() {
    let one = Destination(group: "g", stream: "caf\u{E9}")
    let other = Destination(group: "g", stream: "cafe\u{301}")
    #expect(one != other)
    #expect(one == Destination(group: "g", stream: "caf\u{E9}"))
    #expect(Set([one, other, one]).count == 2)
  }
}
