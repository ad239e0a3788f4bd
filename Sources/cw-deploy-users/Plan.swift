internal import Unix

/// What a step does with a user or a thing.
enum StepKind: String, CaseIterable {
  /// Nothing is there.
  case add
  /// A run has died, another program has begun, or a file is missing.
  case finish
  /// A new password or certificate is asked for.
  case rotate
}

/// One step of a plan, for one system.
protocol PlanStep {
  var id: String { get }
  var kind: StepKind { get }
}

/// The steps for users or things. Nothing is ever deleted.
protocol Plan {
  associatedtype Step: PlanStep
  var steps: [Step] { get }
  /// Systems that can sign in already.
  var complete: [String] { get }
  /// How many systems are left alone.
  var leftAlone: Int { get }
}

extension Plan {
  /// `10 to add, 2 to finish, 188 complete`
  var summary: String {
    let parts = StepKind.allCases.compactMap { kind in
      let count = steps.count { $0.kind == kind }
      return count > 0 ? "\(count) to \(kind.rawValue)" : nil
    }
    return (parts + ["\(complete.count) complete"] + (leftAlone > 0 ? ["\(leftAlone) left alone"] : [])).joined(separator: ", ")
  }

  /// Prints the plan for `--dry-run`.
  /// - Parameter noun: in the plural, such as `users`.
  func print(_ deployment: StackDeployment, _ intention: StackDeployment.Intention, _ noun: String) throws {
    let lines = ["stack \(deployment.name): \(intention.rawValue)", "\(noun): \(summary)"] + steps.map { "\($0.kind.rawValue) \($0.id)" }
    try writeOutput(lines.map { "\($0)\n" }.joined())
  }
}
