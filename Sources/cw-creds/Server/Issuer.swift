internal import AWS
internal import Unix

/// Gets credentials from their source, which may take as long as signing in takes, one call at a time, and remembers the last
/// as long as they are good.
final class Issuer {
  private let source: () throws -> AWSCredentials
  private var call: ThreadedCall<AWSCredentials>?
  private var kept: AWSCredentials?

  init(_ source: @escaping () throws -> AWSCredentials) { self.source = source }

  /// Readable when the call is over; nil while there is none.
  var descriptor: Int32? { call?.descriptor }

  /// Begins a call unless there is one.
  func ask() throws { if call == nil { call = try ThreadedCall(source) } }

  /// What came of the call, which is over.
  func take(now: Int64) -> Result<AWSCredentials, any Error>? {
    guard let call else { return nil }
    self.call = nil
    let outcome = Result { try call.result().get().checked(now: now) }
    if case .success(let credentials) = outcome { kept = credentials }
    return outcome
  }

  /// The last credentials, if they have an end that is yet to come. Of those without one only their source knows whether they are
  /// still good.
  func stillGood(now: Int64) -> AWSCredentials? {
    if let expiration = kept?.expiration, expiration > now { kept } else { nil }
  }
}
