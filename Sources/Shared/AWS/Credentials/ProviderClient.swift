internal import Unix

/// The calls that sources make: few, each waited for, each tried three times as the AWS SDKs do.
package final class ProviderClient {
  private let options: (_ region: String) throws -> ClientOptions
  private var clients: [String: RetryingClient] = [:]

  /// - Parameter options: for calls in a region.
  init(options: @escaping (_ region: String) throws -> ClientOptions) { self.options = options }

  /// What a source adds to a failed call.
  enum Advice {
    /// It was refused, and this is to be looked at.
    case refusal(String)
    /// This may be the reason.
    case hint(String)
  }

  /// Makes a call and decodes its answer.
  /// - Parameters:
  ///   - credentials: to sign with; nil for calls that are not signed so.
  ///   - name: of the source, for messages.
  ///   - advice: what is to be done about a failure, and of which kind it is, where the source knows more than the call.
  func ask<Answer>(
    _ request: AWSRequest, region: String, credentials: AWSCredentials? = nil, for name: String,
    advice: (AWSError) -> Advice? = { _ in nil },
    _ decode: (AWSResponse) -> Answer?
  ) throws -> Answer {
    // A URL that can not be used is a mistake of the configuration and no failure of the call.
    if request.endpoint == nil { _ = try options(region).endpoint(of: request.service) }
    let client = try client(region: region, credentials: credentials)
    let response: AWSResponse
    do {
      response = try client.send(request)
    } catch let error as AWSError {
      switch advice(error) {
      case .refusal(let text)?: throw CredentialsError("\(name) was refused (\(error.described)): \(text)", .refused)
      case .hint(let text)?:
        let plain = CredentialsError(error, for: name)
        throw CredentialsError("\(plain.message); \(text)", plain.kind, status: plain.status)
      case nil: break
      }
      throw CredentialsError(error, for: name)
    }
    guard let answer = decode(response) else {
      throw CredentialsError("\(request.operation) for \(name) answered something else than it should", .unavailable)
    }
    return answer
  }

  /// Makes a call that is not signed, at most once.
  func tryOnce(_ request: AWSRequest) throws -> AWSResponse {
    var once = try options("")
    once.retryPolicy.maximumAttempts = 1
    return try RetryingClient(once, fixed: nil).send(request)
  }

  /// Where a service is asked: who stands in for one has other credentials.
  func endpoint(_ service: Service, region: String) -> String { (try? options(region).endpoint(of: service).url) ?? "" }

  /// The time by the services' clocks, as far as an answer has told it.
  func serviceMilliseconds(region: String) throws -> Int64 { try client(region: region, credentials: nil).serviceMilliseconds }

  /// What is to be added to this machine's clock to have the services', in milliseconds; nil: no answer has told.
  package var clockOffset: Int64? {
    clients.values.map(\.clockOffset).max { abs($0) < abs($1) }
  }

  // A connection is kept for the next call, and what was learnt of the clock.
  private func client(region: String, credentials: AWSCredentials?) throws -> RetryingClient {
    guard credentials == nil else { return try RetryingClient(options(region), fixed: credentials) }
    if let client = clients[region] { return client }
    let client = try RetryingClient(options(region), fixed: nil)
    clients[region] = client
    return client
  }
}

extension CredentialsError {
  /// What a failed call means for who wanted credentials from it.
  init(_ error: AWSError, for name: String) {
    let kind: Kind =
      switch error.kind {
      case _ where error.isTransient: .unavailable
      case .expired, .badCredentials, .accessDenied, .tooLarge, .refused: .refused
      default: .unusable
      }
    self.init("\(name): \(error.message)", kind, status: error.kind == .refused ? .noPermission : error.status)
  }
}
