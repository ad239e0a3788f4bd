import Testing

@testable internal import Records

struct DimensionValueTests {
  @Test(arguments: [
    ("/", "/"), ("100%", "100%"), ("wlan0: a b", "wlan0: a b"), ("/srv/Käse", "/srv/K%C3%A4se"),
    ("/srv/100% Käse", "/srv/100%25 K%C3%A4se"),
    ("a\tb", "a%09b"), ("\u{7F}", "%7F"), (":colon", "%3Acolon"), ("  ", "%20%20"), ("", ""), ("日本", "%E6%97%A5%E6%9C%AC"),
  ])
  func whatCloudWatchRefusesIsEncoded(value: String, encoded: String) {
    #expect(MetricRecord.Dimension(encoding: "Path", value) == MetricRecord.Dimension(name: "Path", value: encoded))
  }

  @Test func bytesThatAreNoTextAreEncodedToo() {
    #expect(MetricRecord.Dimension(encoding: "p", [0x2F, 0xE4, 0xFF]).value == "/%E4%FF")
  }

  @Test func aLongOneIsCutBetweenTwoBytes() {
    let long = MetricRecord.Dimension(encoding: "p", String(repeating: "ä", count: 600)).value
    #expect(long.utf8.count == 1023 && long.hasSuffix("%A4%C3"))
    #expect(MetricRecord.Dimension(encoding: "p", String(repeating: "a", count: 2000)).value == String(repeating: "a", count: 1024))
  }
}
