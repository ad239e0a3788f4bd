package import Unix

/// Why a call of a service did not succeed.
package struct AWSError: Failure {
  package enum Kind: Equatable {
    /// No credentials could be had, and waiting will not help.
    case noCredentials(ExitStatus)
    /// Who gives out the credentials could not be reached.
    case credentialsUnavailable
    /// No connection, no TLS, no answer in time, or an answer that no AWS service gives.
    case network(HTTPFailure.Cause)
    /// The service is at fault (5xx): try again.
    case transient
    case throttled
    /// The token has run out: new credentials will do.
    case expired
    /// The keys are not known or do not fit.
    case badCredentials
    /// The signature's date is too far from the service's clock.
    case clockSkew
    case accessDenied
    case tooLarge
    /// Any other answer with an error code; `code` tells.
    case refused
  }

  package var kind: Kind
  /// The service's error code, such as `ResourceNotFoundException`; empty without an answer.
  package var code: String
  /// The service's or libcurl's own words.
  package var detail: String
  /// Where it was sent.
  package var host: String
  /// What was asked, such as `PutLogEvents`.
  package var operation: String
  /// Whether the service may have carried the call out all the same.
  package var mayHaveBeenAccepted = false
  /// What the service asks us to wait, in milliseconds.
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

  /// Whether the same call may succeed later without anybody's doing.
  package var isTransient: Bool {
    switch kind {
    case .network(.invalid): false
    case .network, .transient, .throttled, .credentialsUnavailable: true
    default: false
    }
  }

  /// Whether no connection came about.
  package var isUnreachable: Bool { kind == .network(.connect) }

  /// Whether there was a connection, and it broke, or TLS did not come about.
  var isBroken: Bool { kind == .network(.broken) || kind == .network(.tls) }

  /// The code and the service's own words.
  package var described: String {
    if code.isEmpty { return detail }
    return detail.isEmpty ? code : "\(code): \(detail)"
  }
}
