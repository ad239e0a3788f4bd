package import Unix

/// Why a request to a service failed.
package struct AWSError: Failure {
  package enum Kind: Equatable {
    /// There are no credentials, and waiting does not help.
    case noCredentials(ExitStatus)
    /// The credentials provider could not be reached.
    case credentialsUnavailable
    /// No connection, no TLS, no answer in time, or an answer that no AWS service gives.
    case network(HTTPFailure.Cause)
    /// The service is at fault (5xx): try again.
    case transient
    case throttled
    /// The session token has expired: new credentials help.
    case expired
    /// The keys are not known or do not fit.
    case badCredentials
    /// The signature's date is too far from the service's clock.
    case clockSkew
    case accessDenied
    case tooLarge
    /// Any other response with an error code; see `code`.
    case refused
  }

  package var kind: Kind
  /// The service's error code, such as `ResourceNotFoundException`; empty if there is no response.
  package var code: String
  /// The service's or libcurl's own words.
  package var detail: String
  /// The host that the request was sent to.
  package var host: String
  /// The operation, such as `PutLogEvents`.
  package var operation: String
  /// Whether the service may have carried out the request all the same.
  package var mayHaveBeenAccepted = false
  /// How long the service asks clients to wait, in milliseconds; nil: it does not say.
  var retryAfter: Int64?

  package var message: String {
    switch kind {
    case .noCredentials, .credentialsUnavailable, .network(.invalid): detail
    case .network(.connect): "cannot reach \(host): \(detail)"
    case .network(.tls):
      "no trusted connection to \(host): \(detail); look at --ca-bundle (AWS_CA_BUNDLE) and this machine's clock"
    case .network: "\(operation) at \(host) failed: \(detail)"
    case .clockSkew: "\(operation) refused: \(described); set this machine's clock"
    case .badCredentials: "\(operation) refused: \(described); check the access key"
    case .expired: "\(operation) refused: \(described); new credentials are needed"
    case .accessDenied: "\(operation) not allowed: \(described); the IAM policy needs this action"
    case .transient, .throttled, .tooLarge, .refused: "\(operation) failed: \(described)"
    }
  }

  package var status: ExitStatus {
    switch kind {
    case .network(.invalid): .inputOutput
    case .network, .transient, .credentialsUnavailable: .unavailable
    case .throttled: .tryAgain
    case .noCredentials(let status): status
    case .expired, .badCredentials, .clockSkew, .accessDenied: .noPermission
    case .tooLarge, .refused: .dataRefused
    }
  }

  /// Whether the same request may succeed later without an intervention.
  package var isTransient: Bool {
    switch kind {
    case .network(.invalid): false
    case .network, .transient, .throttled, .credentialsUnavailable: true
    default: false
    }
  }

  /// Whether the connection could not be made.
  package var isUnreachable: Bool { kind == .network(.connect) }

  /// Whether there was a connection, and it broke, or TLS failed.
  var isBroken: Bool { kind == .network(.broken) || kind == .network(.tls) }

  /// The code and the service's own words.
  package var described: String {
    if code.isEmpty { return detail }
    return detail.isEmpty ? code : "\(code): \(detail)"
  }
}
