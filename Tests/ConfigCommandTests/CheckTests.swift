import Testing

@testable import Config
@testable import ConfigCommand

struct CheckTests {
  @Test(arguments: [
    ("{}", "f: good, 0 files, 0 patterns"),
    (
      #"{"x":1,"logs":{"logs_collected":{"files":{"collect_list":[{"file_path":"/a","include_patterns":["b"]}]},"journal":{}}}}"#,
      "f: good, 1 file, 1 pattern, the journal, 1 warning"
    ),
    (
      #"{"logs":{"logs_collected":{"journald":{"collect_list":[{"filters":[{"type":"include","expression":"a"}]}]},"journal":{}}}}"#,
      "f: good, 0 files, 1 pattern, 2 selections of the journal"
    ),
  ])
  func sumsAGoodFileUp(_ text: String, _ summary: String) throws {
    #expect(try Check.summary(ConfigurationFile(path: "f", text: Array(text.utf8))) == summary)
  }

  static let patterns = [
    (#"{"file_path":"/a","filters":[{"type":"include","expression":"a("}]}"#, "filters[0].expression"),
    (#"{"file_path":"/a","multi_line_start_pattern":"a("}"#, "multi_line_start_pattern"),
    (#"{"file_path":"/a","blacklist":"a("}"#, "blacklist"),
  ]
  @Test(arguments: patterns)
  func compilesEveryPattern(_ entry: String, _ key: String) throws {
    let text = #"{"logs":{"logs_collected":{"files":{"collect_list":[\#(entry)]}}}}"#
    let broken = try Check.brokenPatterns(ConfigurationFile(path: "f", text: Array(text.utf8)))
    #expect(broken.count == 1)
    #expect(broken.first?.hasPrefix("f:1: logs.logs_collected.files.collect_list[0].\(key) is no valid pattern: ") == true)
  }

  @Test func thePlaceholderOfTheTimestampIsNoPattern() throws {
    let entry = #"{"file_path":"/a","timestamp_format":"%H","multi_line_start_pattern":"{timestamp_format}"}"#
    let text = #"{"logs":{"logs_collected":{"files":{"collect_list":[\#(entry)]}}}}"#
    #expect(try ConfigurationFile(path: "f", text: Array(text.utf8)).patterns == [])
  }
}
