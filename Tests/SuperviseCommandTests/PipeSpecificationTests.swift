import Testing

@testable import SuperviseCommand

struct PipeSpecificationTests {
  @Test func readsPipesAsTheShellWritesThem() throws {
    let words = ["metrics", "a", "-x", "1", "|", "b", ";", "logs", "c", "|", "d", "-|", "|", "e"]
    #expect(
      try PipeSpecification.parse(words) == [
        PipeSpecification(name: "metrics", programs: [["a", "-x", "1"], ["b"]]),
        PipeSpecification(name: "logs", programs: [["c"], ["d", "-|"], ["e"]]),
      ])
  }

  @Test(arguments: [
    ("", "A pipe has no name."), ("| a", "A pipe has no name."), ("x a ;", "A pipe has no name."), ("x", "The pipe x lacks a program."),
    ("x a |", "The pipe x lacks a program."), ("x | a", "The pipe x lacks a program."), ("x a | | b", "The pipe x lacks a program."),
    ("x a ; x b", "Two pipes are called x."),
  ])
  func saysWhatIsMissing(_ words: String, _ sentence: String) {
    #expect(throws: PipeSyntaxError(sentence: sentence)) { try PipeSpecification.parse(words.split(separator: " ").map(String.init)) }
  }
}
