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
  ])
  func sumsAGoodFileUp(_ text: String, _ summary: String) throws {
    #expect(try Check.summary(ConfigurationFile(path: "f", text: Array(text.utf8))) == summary)
  }
}
