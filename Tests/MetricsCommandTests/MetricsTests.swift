import ArgumentParser
import Testing

@testable import MetricsCommand

struct MetricsTests {
  @Test(
    "command lines that make sense",
    arguments: [
      [], ["--interval", "0.5"], ["--interval", "60", "--count", "3"], ["--list"], ["-c", "file"], ["-c", "file", "--count", "2"],
      ["--format", "json", "-v"], ["--exec", "true"], ["--format", "table"],
    ])
  func accepted(arguments: [String]) throws {
    _ = try Metrics.parse(arguments)
  }

  @Test(
    "command lines that do not",
    arguments: [
      ["--interval", "0"], ["--interval", "-1"], ["--interval", "nan"], ["--interval", "inf"], ["--interval", "ten"],
      ["--interval", "1", "--count", "0"], ["--interval", "1", "--count", "1.5"], ["--count", "3"], ["--format", "xml"], ["file"],
    ])
  func refused(arguments: [String]) {
    #expect(throws: (any Error).self) { try Metrics.parse(arguments) }
  }
}
