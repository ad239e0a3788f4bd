/// One pipe as it was asked for: its name, and the words of each of its programs.
struct PipeSpecification: Equatable {
  let name: String
  let programs: [[String]]

  /// Reads `NAME PROGRAM [ARGUMENT...] '|' PROGRAM ... ';' NAME ...`.
  /// - Throws: `PipeSyntaxError` if a name or a program is missing, or a name stands twice.
  static func parse(_ words: [String]) throws -> [PipeSpecification] {
    var pipes: [PipeSpecification] = []
    for part in words.split(separator: ";", omittingEmptySubsequences: false) {
      guard let name = part.first, name != "|" else { throw PipeSyntaxError(sentence: "A pipe has no name.") }
      let programs = part.dropFirst().split(separator: "|", omittingEmptySubsequences: false).map(Array.init)
      guard programs.allSatisfy({ $0.first?.isEmpty == false }) else {
        throw PipeSyntaxError(sentence: "The pipe \(name) lacks a program.")
      }
      guard !pipes.contains(where: { $0.name == name }) else { throw PipeSyntaxError(sentence: "Two pipes are called \(name).") }
      pipes.append(PipeSpecification(name: name, programs: programs))
    }
    return pipes
  }
}

struct PipeSyntaxError: Error, Equatable {
  let sentence: String
}
