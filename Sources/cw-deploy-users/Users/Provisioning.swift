internal import AWS
internal import Config
internal import Unix

/// Carries out a plan: several requests are under way at once, and no more users are begun in a second than the pace allows.
///
/// It may die at any moment: the plan of the next run goes on from the state of Cognito and the file.
final class Provisioning {
  private let client: any AWSClient
  private let pool: String
  private let file: PasswordFile
  private let makePassword: () throws -> Secret
  private let handOver: (_ id: String, Secret) throws -> Void
  private var pace: Pace
  private let now: () -> Int64
  private var underWay = 0
  private(set) var outcome = Outcome()

  /// - Parameters:
  ///   - handOver: writes the machine's configuration before the password is set.
  ///   - now: nanoseconds of a clock that never goes backwards.
  init(
    _ client: any AWSClient, pool: String, file: PasswordFile, pace: Pace, makePassword: @escaping () throws -> Secret,
    handOver: @escaping (_ id: String, Secret) throws -> Void = { _, _ in }, now: @escaping () -> Int64 = Clock.monotonicNanoseconds
  ) {
    self.client = client
    self.pool = pool
    self.file = file
    self.pace = pace
    self.makePassword = makePassword
    self.handOver = handOver
    self.now = now
  }

  /// Returns when every call has ended.
  /// - Parameters:
  ///   - wait: lets the client work for at most so many milliseconds.
  ///   - progress: told after each wait.
  func run(_ steps: [UserPlan.Step], wait: (_ milliseconds: Int) -> Void, progress: (_ done: Int) -> Void = { _ in }) -> Outcome {
    pace.run(
      steps, now: now, isStopped: { outcome.failure != nil }, isDouble: { $0.kind == .rotate }, underWay: { underWay },
      begin: { step in
        underWay += 1
        advance(step.id, step.actions[...])
      }, wait: wait, progress: { progress(outcome.ended) })
    return outcome
  }

  private func advance(_ id: String, _ actions: ArraySlice<UserPlan.Action>) {
    guard let action = actions.first else {
      outcome.done += 1
      underWay -= 1
      return
    }
    let rest = actions.dropFirst()
    do {
      switch action {
      case .create:
        let request = CognitoIdentityProvider.adminCreateUser(id, pool: pool, temporaryPassword: try makePassword().text)
        client.start(request) { [self] result in
          if case .failure(let error) = result, error.code == "UsernameExistsException" { return lookAt(id, rest) }
          settle(id, result, rest)
        }
      case .invalidate: try set(makePassword(), of: id, isPermanent: false, rest)
      case .record(let isNew):
        if isNew { try file.record(id, makePassword()) }
        try handOver(id, recorded(id))
        advance(id, rest)
      case .set: try set(recorded(id), of: id, isPermanent: true, rest)
      }
    } catch {
      end(id, error)
    }
  }

  private func recorded(_ id: String) throws -> Secret {
    guard let password = file.password(of: id) else { throw CommandError(.cannotWrite, "the password of \(id) is not in \(file.path)") }
    return password
  }

  private func set(_ password: Secret, of id: String, isPermanent: Bool, _ rest: ArraySlice<UserPlan.Action>) throws {
    let request = CognitoIdentityProvider.adminSetUserPassword(id, pool: pool, password: password.text, isPermanent: isPermanent)
    client.start(request) { [self] in settle(id, $0, rest) }
  }

  // The list of users lags a little, a response was lost, or another program is adding users.
  private func lookAt(_ id: String, _ rest: ArraySlice<UserPlan.Action>) {
    client.start(CognitoIdentityProvider.adminGetUser(id, pool: pool)) { [self] result in
      guard case .success(let response) = result else { return settle(id, result, rest) }
      guard CognitoIdentityProvider.user(response)?.userStatus == UserPlan.Status.unfinished else {
        outcome.complete += 1
        underWay -= 1
        return
      }
      advance(id, rest)
    }
  }

  private func settle(_ id: String, _ result: Result<AWSResponse, AWSError>, _ rest: ArraySlice<UserPlan.Action>) {
    switch result {
    case .success: advance(id, rest)
    case .failure(let error): end(id, error)
    }
  }

  private func end(_ id: String, _ error: any Error) {
    underWay -= 1
    outcome.fail(id, error, of: CognitoIdentityProvider.service)
  }
}
