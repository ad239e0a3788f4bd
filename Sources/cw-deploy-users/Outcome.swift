internal import AWS
internal import Unix

/// What came of carrying out a plan, of users or of things.
struct Outcome {
  /// Who can sign in now.
  var done = 0
  /// Who turned out to be complete already.
  var complete = 0
  /// Whom the service will not take as they are, and why.
  private(set) var refused: [(id: String, reason: String)] = []
  /// Why not all were begun; nil: they were.
  private(set) var failure: (any Failure)?

  var ended: Int { done + complete + refused.count }

  /// Where so many are refused, the reason is not in them.
  private static let tolerableRefusals = 20

  /// One could not be finished. What the service refuses of it concerns no other; all else ends the run.
  /// - Parameter advice: what a person may do about a refusal.
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

  /// Says who was refused.
  /// - Parameters:
  ///   - all: how many there were.
  ///   - noun: of several, such as `users`.
  /// - Throws: if not all are ready.
  func conclude(_ all: Int, _ noun: String) throws {
    for (id, reason) in refused { Messages.error("\(id): \(reason)") }
    if let failure {
      // What waiting mends; else a person has to act first.
      let isTransient = (failure as? AWSError)?.isTransient ?? false
      throw CommandError(
        isTransient ? .tryAgain : failure.status,
        "\(failure.message); \(all - ended) of \(all) \(noun) are left, run this again for them")
    }
    if !refused.isEmpty { throw CommandError(.dataRefused, "\(refused.count) of \(all) \(noun) were refused; all others are ready") }
  }
}
