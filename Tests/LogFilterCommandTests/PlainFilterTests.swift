import Testing
import Unix

@testable import LogFilterCommand
@testable import Patterns

struct PlainFilterTests {
  static let cases: [([String], String, String)] = [
    ([], "", ""), ([], "a\n\nb", "a\n\nb"), (["--include", "b"], "a\nb\nc\n", "b\n"), (["--include", "b"], "a\nb", "b"),
    (["--include", "b"], "b\na", "b\n"),
    (["--exclude", "b"], "a\nb\nc\n", "a\nc\n"), (["--exclude", "b"], "a\nb", "a\n"), (["--exclude", "b"], "b\na", "a"),
    (["--exclude", "b"], "b\n", ""),
    (["--include", "[ab]", "--exclude", "b"], "a\nb\nc\nab\n", "a\n"),
    (["--include", "alpha", "--exclude", "beta"], "alpha\nbeta\nalpha beta\n", "alpha\n"),
    // A carriage return belongs to the line's end, and is copied.
    (["--include", "b$"], "ab\r\nbc\r\nb\r", "ab\r\nb\r"), (["--include", "\\r"], "a\r\nb\rc\r\n", "b\rc\r\n"),
    (["--include", "ab\\s"], "ab\r\nab\r\r\n", "ab\r\r\n"),
    (["--include", "^$"], "\n\r\na\n\n", "\n\r\n\n"), (["--exclude", "^$"], "\n\r\na\n\n", "a\n"), (["--include", ""], "\na", "\na"),
    (["--include", "-x"], "a-x\nb\n", "a-x\n"), (["--include", "ERROR", "--include", "WARN"], "ERROR\nINFO\nWARN", "ERROR\nWARN"),
    // Nothing of a record, though it looks like one.
    (["--include", "end"], "{\"end\":1}\n", "{\"end\":1}\n"),
    // Neighbours of a found line, with and without required texts.
    (["--exclude", "need"], "need\na\nneed\nneed\nb\nc\nneed\n", "a\nb\nc\n"),
    (["--include", "need"], "a\nneed 1\nneed 2\nb\nneed 3", "need 1\nneed 2\nneed 3"),
    (["--include", "needle", "--exclude", "e 2"], "needle 1\nneedle 2\nneedle 3\n", "needle 1\nneedle 3\n"),
  ]
  @Test(arguments: cases)
  func copiesWhatPasses(_ arguments: [String], _ input: String, _ output: String) throws {
    let run = try FilterRun(arguments, Array(input.utf8))
    #expect(run.output == output)
    #expect(run.failure == nil)
  }

  @Test func copiesBytesThatAreNoText() throws {
    let input: [UInt8] = [0xFF, 0x00, 0x61, 0x0D, 0x0A, 0xC3, 0x0A, 0x80, 0x61]
    #expect(try FilterRun(["--include", "a"], input).bytes == [0xFF, 0x00, 0x61, 0x0D, 0x0A, 0x80, 0x61])
    #expect(try FilterRun([], input).bytes == input)
  }

  /// Lines across the borders of reads, against the obvious loop.
  @Test func readsDoNotMatter() throws {
    var input = ""
    var expected = ""
    for number in 0..<40_000 {
      let line = String(repeating: "x", count: number * 7919 % 97) + (number % 7 == 0 ? " ERROR " : " fine ") + "\(number)\n"
      input += line
      if number % 7 == 0, number % 3 != 0 { expected += line }
    }
    let divisible = (0..<40_000).lazy.filter { $0 % 21 == 0 }.map { "ERROR \($0)$" }
    // Numbers divisible by three have digits whose sum is; the pattern is the automaton of that.
    let byThree = #"ERROR ([0369]|[147][0369]*[258]|([258]|[147][0369]*[147])([0369]|[258][0369]*[147])*([147]|[258][0369]*[258]))+$"#
    #expect(divisible.count > 1000)
    #expect(try FilterRun(["--include", "ERROR", "--exclude", byThree], Array(input.utf8)).output == expected)
  }

  private func run(_ include: String, _ input: String, maximumLength: Int) throws -> String {
    let memory = MatchContext()
    let rules = FilterRules(
      include: try PatternSet([include], memory: memory, name: { "\($0)" }, warn: { _ in }),
      exclude: try PatternSet([], memory: memory, name: { "\($0)" }, warn: { _ in }))
    return try FilterRun(Array(input.utf8)) {
      try PlainFilter(rules: rules, input: $0, output: $1, maximumLength: maximumLength).run()
    }.output
  }

  @Test func theRestOfALineTooLongFollowsItsBeginning() throws {
    let long = String(repeating: "x", count: 200_000)
    for include in ["key", "k.y"] {
      #expect(try run(include, "key\(long)\nb\nkey\n", maximumLength: 1000) == "key\(long)\nkey\n")
      #expect(try run(include, "\(long)key\nb\nkey", maximumLength: 1000) == "key")
      #expect(try run(include, "key\(long)", maximumLength: 1000) == "key\(long)")
      #expect(try run(include, "key\(long)\r\n\(long)key\r\nkey\r\n", maximumLength: 1000) == "key\(long)\r\nkey\r\n")
    }
  }
}
