internal import AWS
internal import Unix

/// Gets credentials from their provider on a thread, since signing in may take long, one call at a time, and keeps the last ones while
/// they are valid.
final class CredentialBroker {
  private let provider: () throws -> AWSCredentials
  private var call: ThreadedCall<AWSCredentials>?
  private var kept: AWSCredentials?
  /// The provider is not asked again before this time, in monotonic nanoseconds: clients ask often, and a provider that fails is often
  /// overloaded.
  private var resumes = Int64.min
  private static let pauseAfterFailure: Int64 = 1_000_000_000

  private let rest: (_ nanoseconds: Int64) -> Void

  /// - Parameter rest: waits before the provider is asked again after a failure.
  init(
    _ provider: @escaping () throws -> AWSCredentials,
    rest: @escaping (_ nanoseconds: Int64) -> Void = { usleep(UInt32(clamping: $0 / 1000)) }
  ) {
    self.provider = provider
    self.rest = rest
  }

  /// Becomes readable when the call has ended; nil: there is no call.
  var descriptor: Int32? { call?.descriptor }

  /// Starts a call unless there is one.
  /// - Throws: `SystemError` if there is no thread.
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

  /// The result of the call, which has ended; nil: there is no call.
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

  /// The last credentials if they expire in the future. Only the provider knows whether credentials without an expiration are still valid.
  func stillGood(now: Int64) -> AWSCredentials? {
    if let expiration = kept?.expiration, expiration > now { kept } else { nil }
  }
}
