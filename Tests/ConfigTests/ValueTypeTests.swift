import Testing

@testable import Config

struct ValueTypeTests {
  static let types: [(type: ValueType, good: [JSON.Value], bad: [JSON.Value])] = [
    (ValueType.boolean, [JSON.Value.boolean(true), .boolean(false)], [JSON.Value.number(1), .text("true"), .list([])]),
    (.text, [.text("a"), .text("ä b/c")], [.text(""), .text("a\nb"), .text("\u{7F}"), .text("\0"), .number(1), .object([])]),
    (
      .seconds, [.number(0.5), .number(1), .number(172_800)],
      [.number(0), .number(-1), .number(172_801), .number(1e300), .text("60"), .boolean(true)]
    ),
    (
      .retention,
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, -1].map { .number($0) },
      [.number(0), .number(-2), .number(2), .number(7.5), .number(1e300), .text("7")]
    ),
    (.prefix, [.text("rpi"), .text("A.b_c-9")], [.text(""), .text("a b"), .text("a/b"), .text("ä"), .number(1)]),
    (
      .serial, [.text("00ff"), .text(""), .number(0), .number(123_456)],
      [.text("a b"), .number(-1), .number(1.5), .number(1e300), .boolean(true)]
    ),
    (
      .region, [.text("eu-west-1"), .text("us-gov-east-1")],
      [.text(""), .text("REGION"), .text("eu-west-1.evil.example"), .text(String(repeating: "a", count: 65))]
    ),
    (
      .namespace, [.text("System/OSX"), .text("a b:c#d"), .text(String(repeating: "n", count: 255))],
      [.text(""), .text(":a"), .text("a,b"), .text("ä"), .text(String(repeating: "n", count: 256))]
    ),
    (
      .groupTemplate, [.text("/system/{instance_id}/x"), .text("a.b-c_d/e#f"), .text("{hostname}{local_hostname}"), .text("/aws/x")],
      [
        .text(""), .text("aws/x"), .text("{date}"), .text("{"), .text("a{x}"), .text("/system/{instance}"), .text("a b"), .text("a:b"),
        .text(String(repeating: "g", count: 513)),
      ]
    ),
    (
      .streamTemplate, [.text("{hostname} ä"), .text("/var/log/[x]{}{ }"), .text(String(repeating: "ä", count: 512))],
      [.text(""), .text("a:b"), .text("a*"), .text("a\n"), .text("{date}"), .text("{Host}"), .text(String(repeating: "s", count: 513))]
    ),
    (
      .kmsKey, [.text("arn:aws-cn:kms:cn-north-1:123456789012:key/0-1"), .text("arn:aws:kms:eu-west-1:123456789012:alias/a_b")],
      [
        .text("alias/x"), .text("arn:aws:s3:::bucket"), .text(""),
        .text("arn:aws:kms:eu-west-1:1:key/" + String(repeating: "x", count: 256)),
      ]
    ),
    (
      .tags, [tags(["a": "b", "ä 1_.:/=+-@": ""]), .object([]), tags(many(50))],
      [
        tags(["": "b"]), tags(["aws:x": "b"]), tags(["AWS:x": "b"]), tags(["a": "!"]), tags(["a\n": "b"]), .list([]), .text("a=b"),
        tags([String(repeating: "k", count: 129): "v"]), tags(["k": String(repeating: "v", count: 257)]), tags(many(51)),
        .object([JSON.Member(key: "a", line: 1, value: JSON(.number(1)))]),
      ]
    ),
    (
      .choice(Configuration.LogGroupClass.self), [.text("STANDARD"), .text("infrequent_access")],
      [.text("DELIVERY"), .text(""), .number(1)]
    ),
    (
      .choice(Configuration.TimeZoneChoice.self), [.text("UTC"), .text("Local"), .text("LOCAL")], [.text("Europe/Berlin"), .boolean(true)]
    ),
    (.choice(Configuration.EventFilter.Kind.self), [.text("include"), .text("exclude")], [.text("drop"), .list([])]),
    (
      .timestampFormat, [.text("%Y-%m-%d %H:%M:%S.%f %z"), .text("[%b %-d %-I:%-M:%-S %p %A %a %B %y %-m %I %Z]"), .text("100%% %s")],
      [.text(""), .text("now"), .text("%"), .text("%-"), .text("%Q"), .text("%-Y"), .text("%%"), .text("%%Y"), .text("%Y\n"), .number(1)]
    ),
    (
      .encoding, [.text("utf-8"), .text("UTF-16LE"), .text("iso-8859-1"), .text("windows-1252"), .text("ascii")],
      [.text(""), .text("klingon"), .text("utf-8//IGNORE"), .text("utf-8//TRANSLIT"), .text("a b"), .number(8)]
    ),
    (.pattern, [.text(""), .text("a(")], [.number(1), .list([])]),
    (
      .units, [.list([]), .list([JSON(.text("ssh.service"))])],
      [.text("ssh"), .list([JSON(.text(""))]), .list([JSON(.text("--all"))]), .list([JSON(.text(String(repeating: "u", count: 257)))])]
    ),
    (
      .priority, [.text("emerg"), .text("WARNING"), .text("7"), .number(0), .number(7)],
      [.text("loud"), .text(""), .text("8"), .number(8), .number(-1), .number(1.5), .boolean(true)]
    ),
    (
      .journalNamespace, [.text("mail"), .text("a-b_c.1"), .text("x@y"), .text(#"a\x2db"#)],
      [
        .text(""), .text("*"), .text("+mail"), .text("a/b"), .text(".."), .text("a b"), .text("ä"), .list([JSON(.text("mail"))]),
        .number(1),
        .text(String(repeating: "n", count: 201)),
      ]
    ),
    (
      .matches, [.list([]), .list([JSON(tags(["_UID": "0", "UNIT": "a b"])), JSON(tags(["X": "1"]))])],
      [
        tags(["_UID": "0"]), .list([JSON(.object([]))]), .list([JSON(tags(["uid": "0"]))]), .list([JSON(tags(["A B": "0"]))]),
        .list([JSON(tags(["A": ""]))]), .list([JSON(.text("A=1"))]),
      ]
    ),
    (.patterns, [.list([]), .list([JSON(.text("")), JSON(.text("^a(b"))])], [.text("a"), .list([JSON(.number(1))]), .object([])]),
    (
      .accountId, [.text("000000000000")],
      [.text("12345678901"), .text("1234567890123"), .text("12345678901x"), .number(123_456_789_012)]
    ),
    (.userPoolId, [.text("eu-west-1_AbC1")], [.text("eu-west-1"), .text("_a"), .text("a_"), .text("a_b/c")]),
    (.identityPoolId, [.text("eu-west-1:0-1")], [.text("eu-west-1"), .text("a:b:c"), .text(":a"), .text("a:")]),
    (.appClientId, [.text("a1b2")], [.text(""), .text("a-b"), .text(String(repeating: "a", count: 129))]),
    (.secret, [.text(" "), .text("p\"\\\n")], [.text(""), .number(1)]),
    (
      .host, [.text("x.credentials.iot.eu-west-1.amazonaws.com"), .text("localhost:8443"), .text("https://x/")],
      [
        .text(""), .text("http://x"), .text("x/y"), .text("a@b"), .text("x:"), .text("x:0"), .text("x:65536"), .text("x:y:1"),
        .text("a1-ats.iot.eu-west-1.amazonaws.com"), .text("a1.iot.eu-west-1.amazonaws.com:8883"),
        .text("data.iot-fips.us-east-1.amazonaws.com"),
      ]
    ),
    (
      .trustAnchorArn, [.text(anchor), .text("arn:aws-cn:rolesanywhere:cn-north-1:123456789012:trust-anchor/1")],
      [
        .text(""), .text(profile), .text("arn:aws:rolesanywhere::123456789012:trust-anchor/1"), .text(anchor + " "),
        .text("arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/"), .text("arn:aws:rolesanywhere:eu-west-1:1:trust-anchor/1"),
      ]
    ),
    (.profileArn, [.text(profile)], [.text(anchor), .text(role), .text("profile/1")]),
    (
      .roleArn, [.text(role), .text("arn:aws-us-gov:iam::123456789012:role/a")],
      [
        .text("arn:aws:iam::123456789012:user/a"), .text("arn:aws:sts::123456789012:assumed-role/a/b"), .text("a"),
        .text("ARN:aws:iam::123456789012:role/a"),
      ]
    ),
    (.sessionSeconds, [.number(900), .number(43200)], [.number(899), .number(43201), .number(900.5), .text("900")]),
    (.roleSessionName, [.text("a-"), .text("rpi-1_+=,.@")], [.text("a"), .text("a b"), .text(String(repeating: "a", count: 65))]),
    (.roleAlias, [.text("Role_Alias=,@-")], [.text(""), .text("a/b"), .text("a b")]),
    (.thingName, [.text("Thing:1_-")], [.text(""), .text("a b"), .text("a\r\nb")]),
    (
      .certificate, [.text("/c.pem"), .list([JSON(.text("/c"))]), .list([JSON(.text("/c")), JSON(.text("/k"))])],
      [
        .text(""), .list([]), .list([JSON(.text("a")), JSON(.text("b")), JSON(.text("c"))]), .list([JSON(.text("a")), JSON(.number(1))]),
      ]
    ),
  ]

  private static func tags(_ tags: [String: String]) -> JSON.Value {
    .object(tags.map { JSON.Member(key: $0.key, line: 1, value: JSON(.text($0.value))) })
  }

  private static func many(_ count: Int) -> [String: String] {
    Dictionary((0..<count).map { ("k\($0)", "v") }, uniquingKeysWith: { $1 })
  }

  @Test(arguments: types)
  func takes(_ type: ValueType, _ good: [JSON.Value], _ bad: [JSON.Value]) {
    for value in good { #expect(type.accepts(value), "\(type.expectation): \(value.word)") }
    for value in bad { #expect(!type.accepts(value), "\(type.expectation): \(value.word)") }
    #expect(!type.accepts(.null))
  }

  @Test func neverQuotesASecret() {
    #expect(ValueType.secret.found(.text("canary")) == "other text")
    #expect(ValueType.secret.found(.number(4711)) == "a number")
    #expect(ValueType.secret.found(.list([JSON(.text("canary"))])) == "a list")
    #expect(ValueType.text.found(.text("a\u{1B}[31m")) == #""a\u{1B}[31m""#)
    #expect(ValueType.text.found(.text(String(repeating: "x", count: 121))) == "other text")
  }
}
