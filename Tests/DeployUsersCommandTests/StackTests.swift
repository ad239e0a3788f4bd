import Config
@testable import AWS
import Testing
import Unix

@testable import DeployUsersCommand

@Suite struct StackTests {
  @Test(arguments: ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"])
  func ready(_ status: String) { #expect(StackCondition(status, name: "s") == .ready) }

  @Test(arguments: [
    "CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
  ])
  func busy(_ status: String) { #expect(StackCondition(status, name: "s") == .busy) }

  @Test(arguments: [
    ("ROLLBACK_COMPLETE", "delete-stack --stack-name s)"), ("CREATE_FAILED", "delete it"), ("ROLLBACK_FAILED", "delete it"),
    ("DELETE_FAILED", "delete it"), ("REVIEW_IN_PROGRESS", "change set"), ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
  ])
  func stuck(_ status: String, _ words: String) {
    guard case .stuck(let what) = StackCondition(status, name: "s") else { return #expect(Bool(false), "\(status) is not stuck") }
    #expect(what.contains(words))
  }

  @Test(
    arguments: [
      ([], [], nil), (["1 Pool CREATE_COMPLETE"], [], nil),
      (
        [
          "6 s ROLLBACK_IN_PROGRESS", "5 Role CREATE_FAILED Resource creation cancelled", "4 Client CREATE_FAILED second",
          "3 Pool CREATE_FAILED first",
          "2 Pool CREATE_IN_PROGRESS", "1 s CREATE_IN_PROGRESS",
        ], [], "3"
      ),
      (["4 Role UPDATE_FAILED new", "3 s UPDATE_IN_PROGRESS", "2 Role CREATE_FAILED old", "1 s CREATE_IN_PROGRESS"], ["1", "2"], "4"),
      (["2 Role CREATE_FAILED old", "1 s CREATE_IN_PROGRESS"], ["1", "2"], nil),
      (["2 Role CREATE_FAILED Resource creation cancelled", "1 s CREATE_IN_PROGRESS"], [], "2"),
    ] as [([String], Set<String>, String?)])
  func firstCause(_ lines: [String], _ known: Set<String>, _ expected: String?) {
    let events = lines.map { line in
      let words = line.split(separator: " ", maxSplits: 3).map(String.init)
      return CloudFormation.StackEvent(id: words[0], resource: words[1], status: words[2], reason: words.count > 3 ? words[3] : "")
    }
    #expect(StackCondition.firstCause(events, known: known)?.id == expected)
  }

  @Test(
    arguments: [
      ([:], [:], []), (["WidePolicy": "true"], [:], ["WidePolicy=true"]),
      (["WidePolicy": "false"], ["WidePolicy": "true", "Namespaces": "A,B", "Old": "x"], ["Namespaces=A,B", "WidePolicy=false"]),
    ] as [([String: String], [String: String], [String])])
  func parametersStayUnlessGiven(_ given: [String: String], _ previous: [String: String], _ expected: [String]) {
    #expect(StackTemplate.cognito.parameters(given: given, previous: previous).map { "\($0.key)=\($0.value)" } == expected)
  }

  @Test func theTemplateIsTheFileInConfigs() throws {
    let root = #filePath.components(before: "/Tests/")
    let file = try TextFile.read("\(root)/configs/cognito-stack.yaml")
    #expect(Array(StackTemplate.cognito.text.utf8) == file)
    // CreateStack, parameter TemplateBody.
    #expect(file.count <= 51_200)
  }

  @Test func theTemplateHasWhatIsAskedOfIt() {
    let lines = StackTemplate.cognito.text.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("Description: \(StackTemplate.descriptionPrefix)") })
    for name in StackTemplate.cognito.parameters + StackOutputs.names { #expect(lines.contains { $0.hasPrefix("  \(name):") }, "\(name)") }
  }

  @Test func outputsAreWholeOrNone() {
    let all = Dictionary(uniqueKeysWithValues: StackOutputs.names.map { ($0, "of \($0)") })
    #expect(
      StackOutputs(all)?.authentication(Secret("p")).map(\.value.word) == [
        "of AccountId", "of UserPoolId", "of IdentityPoolId", "of AppClientId", "p",
      ])
    for name in StackOutputs.names {
      #expect(StackOutputs(all.filter { $0.key != name }) == nil)
      #expect(StackOutputs(all.merging([name: ""]) { $1 }) == nil)
    }
  }
}

extension String {
  fileprivate func components(before mark: String) -> String {
    guard let range = self.range(of: mark) else { return self }
    return String(self[..<range.lowerBound])
  }

  private func range(of mark: String) -> Range<String.Index>? {
    indices.first { self[$0...].hasPrefix(mark) }.map { $0..<index($0, offsetBy: mark.count) }
  }
}
