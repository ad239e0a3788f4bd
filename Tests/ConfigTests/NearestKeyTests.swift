import Testing

@testable import Config

struct NearestKeyTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "", 3), ("", "abc", 3), ("abc", "abc", 0), ("ABC", "abc", 0), ("abc", "abd", 1), ("abc", "abcd", 1),
    ("abc", "ac", 1),
    ("instnace", "instance", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func countsSlips(_ a: String, _ b: String, _ distance: Int) {
    #expect(NearestKey.distance(a, b) == distance)
    #expect(NearestKey.distance(b, a) == distance)
  }

  @Test(arguments: [
    ("agent.instnace", "agent.instance"),
    ("agnet", "agent"),
    ("agent.metric_collection_interval", "agent.metrics_collection_interval"),
    ("agent.authentication.accountID", "agent.authentication.accountId"),
    ("agent.authentification", "agent.authentication"),
    ("logs.logs_collected.files.collect_list[].filePath", "logs.logs_collected.files.collect_list[].file_path"),
    // of the right name in the wrong place
    ("region", "agent.region"),
    ("namespace", "metrics.namespace"),
    ("agent.namespace", "metrics.namespace"),
    ("logs.namespace", "logs.logs_collected.journal.namespace"),
    ("logs.include_patterns", "logs.logs_collected.files.collect_list[].include_patterns"),
    ("agent.colour", nil),
    ("_comment", nil),
    ("", nil),
    (".", nil),
  ])
  func findsWhatWasMeant(_ path: String, _ nearest: String?) {
    #expect(NearestKey.find(path, in: Schema.known) == nearest)
  }
}
