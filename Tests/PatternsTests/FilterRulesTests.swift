import Testing

@testable import Patterns

struct FilterRulesTests {
  private final class Warnings {
    var lines: [String] = []
  }

  private func rules(_ include: [String], _ exclude: [String], _ warnings: Warnings = Warnings()) throws -> FilterRules {
    let memory = MatchContext()
    return FilterRules(
      include: try PatternSet(include, memory: memory, name: { "--include \($0 + 1)" }, warn: { warnings.lines.append($0) }),
      exclude: try PatternSet(exclude, memory: memory, name: { "--exclude \($0 + 1)" }, warn: { warnings.lines.append($0) }))
  }

  private func keeps(_ rules: FilterRules, _ line: String) -> Bool { Array(line.utf8).withUnsafeBytes { rules.keeps($0) } }
  private func reason(_ rules: FilterRules, _ line: String) -> FilterRules.Reason { Array(line.utf8).withUnsafeBytes { rules.reason($0) } }

  static let cases: [([String], [String], String, FilterRules.Reason)] = [
    ([], [], "x", FilterRules.Reason.noPattern), (["a"], [], "a", .include(0)), (["a"], [], "b", .noIncludeMatches),
    (["a", "b"], [], "b", .include(1)),
    ([], ["a"], "a", .exclude(0)), ([], ["a"], "b", .noExcludeMatches), (["a"], ["b"], "ab", .exclude(0)), (["a"], ["b"], "a", .include(0)),
    (["a"], ["b", "c"], "ac", .exclude(1)), (["a"], ["b"], "c", .noIncludeMatches), (["a", "b"], [], "ab", .include(0)),
    (["^$"], [], "", .include(0)),
    (["alpha", "[bc]et+a"], ["gamma", "x.z"], "betta alpha", .include(0)),
    (["alpha", "be*ta"], ["gamma", "x.z"], "beta xyz", .exclude(1)),
  ]

  @Test(arguments: cases)
  func anyIncludeAndNoExclude(_ include: [String], _ exclude: [String], _ line: String, _ expected: FilterRules.Reason) throws {
    let rules = try rules(include, exclude)
    #expect(reason(rules, line) == expected)
    #expect(keeps(rules, line) == expected.isKept)
  }

  static let filterCases: [([String], [(Bool, String)], String, FilterRules.Reason)] = [
    ([], [(true, "a")], "a", FilterRules.Reason.allFiltersPass), ([], [(true, "a")], "b", .filter(0)),
    ([], [(false, "a")], "a", .filter(0)),
    ([], [(false, "a")], "b", .allFiltersPass), ([], [(true, "a"), (true, "b")], "a", .filter(1)),
    ([], [(true, "a"), (true, "b")], "ba", .allFiltersPass), ([], [(false, "c"), (true, "b")], "c", .filter(0)),
    ([], [(true, "a"), (false, "b"), (true, "c")], "abc", .filter(1)), (["a"], [(false, "b")], "a", .allFiltersPass),
    (["a"], [(false, "b")], "ab", .filter(0)), (["a"], [(true, "b")], "b", .noIncludeMatches),
    ([], [(true, "(?m)^second$")], "first\nsecond", .allFiltersPass),
  ]

  @Test(arguments: filterCases)
  func andEachFilter(_ include: [String], _ filters: [(Bool, String)], _ line: String, _ expected: FilterRules.Reason) throws {
    let memory = MatchContext()
    func set(_ patterns: [String]) throws -> PatternSet { try PatternSet(patterns, memory: memory, name: { "\($0)" }, warn: { _ in }) }
    let rules = FilterRules(
      include: try set(include), exclude: try set([]),
      filters: try filters.map { FilterRules.Filter(mustMatch: $0.0, pattern: try set([$0.1])) })
    #expect(reason(rules, line) == expected)
    #expect(keeps(rules, line) == expected.isKept)
    // No line may be passed over that a filter would drop.
    #expect(expected.isKept || !rules.keepsOthers || Array("\(line)\n".utf8).withUnsafeBytes { rules.nextToJudge(in: $0, from: 0) } != nil)
  }

  /// What is found by required texts is what is found by trying every pattern on every line.
  @Test func literalsChangeNothing() throws {
    let patterns = [
      "ERROR", "(Failed|Invalid).*user", #""level":"(ERROR|WARN)""#, #"^\w+ sshd\["#, "x.z", "[0-9]{3}ms", "uid=0$", "größe", "^$",
    ]
    let words = [
      "ERROR", "Failed", "Invalid", "user", #""level":"WARN""#, "host sshd[12]", "xyz", "123ms", "uid=0", "größe", "ERRO", "", "sshd",
      "FailedERROR",
    ]
    for include in [[], [0], [1, 2], [3, 4], [0, 1, 2, 5, 6], [7], [8, 0]] {
      for exclude in [[], [6], [1, 5], [4]] {
        let rules = try rules(include.map { patterns[$0] }, exclude.map { patterns[$0] })
        for first in words {
          for second in words {
            let line = second.isEmpty ? first : first + " " + second
            #expect(keeps(rules, line) == reason(rules, line).isKept, "\(include) \(exclude) \(line)")
          }
        }
      }
    }
  }

  @Test func moreThanSixtyFourPatterns() throws {
    let rules = try rules((0..<100).map { "word\($0)x" }, (0..<100).map { "stop\($0)x [0-9]" })
    for number in 0..<100 {
      #expect(keeps(rules, "a word\(number)x"))
      #expect(!keeps(rules, "a word\(number) x"))
      #expect(!keeps(rules, "a word3x stop\(number)x 1"))
      #expect(keeps(rules, "a word3x stop\(number)x b"))
    }
  }

  @Test func whatCannotBeDecidedIsExcludedAndIncluded() throws {
    let hostile = #"(x*)*\1[yz]"#
    let line = String(repeating: "x", count: 500)
    let warnings = Warnings()
    let dropping = try rules([], [hostile], warnings)
    for _ in 0..<3 { #expect(!keeps(dropping, line)) }
    #expect(keeps(dropping, "fine"))
    let keeping = try rules([hostile], [], warnings)
    #expect(keeps(keeping, line))
    #expect(!keeps(keeping, "fine"))
    #expect(
      warnings.lines == [
        #"--exclude 1 costs too much on a line of 500 bytes, which counts as matched: /(x*)*\1[yz]/"#,
        #"--include 1 costs too much on a line of 500 bytes, which counts as matched: /(x*)*\1[yz]/"#,
      ])
    #expect(dropping.undecided() == [#"--exclude 1 cost too much on 3 lines, which counted as matched: /(x*)*\1[yz]/"#])
    #expect(keeping.undecided() == [])
  }

  @Test func namesTheFirstLineToJudge() throws {
    let lines = Array("aaa\nbbb\nERROR 1\nccc\nWARN 2\n".utf8)
    func next(_ rules: FilterRules, _ start: Int) -> Int? { lines.withUnsafeBytes { rules.nextToJudge(in: $0, from: start) } }
    let included = try rules(["ERROR", "WARN"], [])
    #expect(!included.keepsOthers)
    #expect(next(included, 0).map { 8..<15 ~= $0 } == true)
    #expect(next(included, 16).map { 20..<26 ~= $0 } == true)
    #expect(next(included, 27) == nil)
    let excluded = try rules([], ["WARN"])
    #expect(excluded.keepsOthers)
    #expect(next(excluded, 0).map { 20..<26 ~= $0 } == true)
    #expect(next(try rules(["a"], []), 4) == 4)
    #expect(next(try rules([], []), 0) == nil)
    #expect(next(try rules(["a"], []), lines.count) == nil)
  }
}
