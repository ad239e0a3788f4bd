internal import AWS
internal import Unix

/// Gets credentials from their source, which may take as long as signing in takes, one call at a time, and remembers the last
/// as long as they are good.
final class CredentialBroker {
  private let provider: () throws -> AWSCredentials
  private var call: ThreadedCall<AWSCredentials>?
  private var kept: AWSCredentials?
  /// Until then nobody is asked again, of the monotonic clock: clients ask often, and who fails is overloaded as a rule.
  private var resumes = Int64.min
  private static let pauseAfterFailure: Int64 = 1_000_000_000

  private let rest: (_ nanoseconds: Int64) -> Void

  /// - Parameter rest: waits before the source is asked once more after a failure.
  init(
    _ provider: @escaping () throws -> AWSCredentials,
    rest: @escaping (_ nanoseconds: Int64) -> Void = { usleep(UInt32(clamping: $0 / 1000)) }
  ) {
    self.provider = provider
    self.rest = rest
  }

  /// Readable when the call is over; nil while there is none.
  var descriptor: Int32? { call?.descriptor }

  /// Begins a call unless there is one.
  func ask() throws {
    guard call == nil else { return }
    let pause = resumes == .min ? 0 : resumes - Clock.monotonicNanoseconds()
    // There is one call at a time.
    let unchecked = UncheckedSendable((provider, rest))
    call = try ThreadedCall {
      let (provider, rest) = unchecked.value
      if pause > 0 { rest(pause) }
      return try provider()
    }
  }

  /// What came of the call, which is over.
  func take(now: Int64) -> Result<AWSCredentials, any Error>? {
    guard let call else { return nil }
    self.call = nil
    let outcome = Result { try call.result().get().checked(now: now) }
    switch outcome {
    case .success(let credentials): (kept, resumes) = (credentials, .min)
    case .failure: resumes = Clock.monotonicNanoseconds() + Self.pauseAfterFailure
    }
    return outcome
  }

  /// The last credentials, if they have an end that is yet to come. Of those without one only their source knows whether they are
  /// still good.
  func stillGood(now: Int64) -> AWSCredentials? {
    if let expiration = kept?.expiration, expiration > now { kept } else { nil }
  }
}
