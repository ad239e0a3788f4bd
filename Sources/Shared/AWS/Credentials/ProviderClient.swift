internal import Unix

/// Sends the requests of providers, one at a time, each in up to three attempts as the AWS SDKs do.
package final class ProviderClient {
  private let options: (_ region: String) throws -> ClientOptions
  private var clients: [String: RetryingClient] = [:]

  /// - Parameter options: the client options for a region.
  init(options: @escaping (_ region: String) throws -> ClientOptions) { self.options = options }

  /// What a provider adds to a failed request.
  enum Advice {
    /// The request was refused, and this is the likely mistake.
    case refusal(String)
    /// A possible reason.
    case hint(String)
  }

  /// Sends a request and decodes the response.
  /// - Parameters:
  ///   - credentials: sign the request; nil: it is not signed with keys.
  ///   - name: the provider's name for messages.
  ///   - advice: what to do about a failure, where the provider knows more than the error says; nil: nothing more.
  /// - Throws: `CredentialsError`.
  func ask<Answer>(
    _ request: AWSRequest, region: String, credentials: AWSCredentials? = nil, for name: String,
    advice: (AWSError) -> Advice? = { _ in nil },
    _ decode: (AWSResponse) -> Answer?
  ) throws -> Answer {
    // An unusable URL is a mistake of the configuration and no failure of the request.
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

  /// Sends a request without a signature, in one attempt.
  func tryOnce(_ request: AWSRequest) throws -> AWSResponse {
    var once = try options("")
    once.retryPolicy.maximumAttempts = 1
    return try RetryingClient(once, fixed: nil).send(request)
  }

  /// The URL of a service, as a part of an identity: a stand-in issues other credentials.
  func endpoint(_ service: Service, region: String) -> String { (try? options(region).endpoint(of: service).url) ?? "" }

  /// The time by the services' clocks in milliseconds since the epoch, as far as a response has told it.
  func serviceMilliseconds(region: String) throws -> Int64 { try client(region: region, credentials: nil).serviceMilliseconds }

  /// Milliseconds to add to this machine's clock to get the services' time; nil: no response has told it.
  package var clockOffset: Int64? {
    clients.values.map(\.clockOffset).max { abs($0) < abs($1) }
  }

  // The client is kept for its connection, and for what it has learnt of the clock.
  private func client(region: String, credentials: AWSCredentials?) throws -> RetryingClient {
    guard credentials == nil else { return try RetryingClient(options(region), fixed: credentials) }
    if let client = clients[region] { return client }
    let client = try RetryingClient(options(region), fixed: nil)
    clients[region] = client
    return client
  }
}

extension CredentialsError {
  /// What a failed request means for the credentials that it should bring.
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
