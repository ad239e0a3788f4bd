internal import AWS
internal import Unix

/// The result of a plan for users or things.
struct Outcome {
  /// How many can sign in now.
  var done = 0
  /// How many were complete already.
  var complete = 0
  /// Which ones the service has refused, and why.
  private(set) var refused: [(id: String, reason: String)] = []
  /// Why not all were started; nil: they were.
  private(set) var failure: (any Failure)?

  var ended: Int { done + complete + refused.count }

  /// After so many refusals the reason is not in the single user or thing.
  private static let tolerableRefusals = 20

  /// Notes that one has failed. A refusal concerns only this one; any other error ends the run.
  /// - Parameter advice: what to do about a refusal; nil: nothing more.
  mutating func fail(_ id: String, _ error: any Error, of service: Service, advice: String? = nil) {
    var reason = error as? any Failure ?? CommandError(.unavailable, "\(error)")
    if let error = error as? AWSError {
      if error.kind == .refused {
        refused.append((id, error.message + (advice.map { "; \($0)" } ?? "")))
        guard refused.count >= Self.tolerableRefusals else { return }
      }
      reason = error.namingAction(of: service)
    }
    if failure == nil { failure = reason }
  }

  /// Prints which ones were refused.
  /// - Parameters:
  ///   - all: the size of the plan.
  ///   - noun: in the plural, such as `users`.
  /// - Throws: `CommandError` if not all are ready.
  func conclude(_ all: Int, _ noun: String) throws {
    for (id, reason) in refused { Messages.error("\(id): \(reason)") }
    if let failure {
      // A transient error asks to try again; any other needs a person.
      let isTransient = (failure as? AWSError)?.isTransient ?? false
      throw CommandError(
        isTransient ? .tryAgain : failure.status,
        "\(failure.message); \(all - ended) of \(all) \(noun) are left, run this again for them")
    }
    if !refused.isEmpty { throw CommandError(.dataRefused, "\(refused.count) of \(all) \(noun) were refused; all others are ready") }
  }
}
