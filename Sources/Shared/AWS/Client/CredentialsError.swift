package import Unix

/// Why there are no credentials.
package struct CredentialsError: Failure, Equatable {
  package enum Kind: String {
    /// There are none, or they are unusable as they are.
    case unusable
    /// The provider could not be reached, or could not answer: another attempt may succeed.
    case unavailable
    /// The provider refused: asking again soon does harm.
    case refused
  }

  package let kind: Kind
  package let message: String
  package let status: ExitStatus

  /// - Parameter status: nil: `unavailable` for an unavailable provider, else `noPermission`.
  package init(_ message: String, _ kind: Kind = .unusable, status: ExitStatus? = nil) {
    self.kind = kind
    self.message = message
    self.status = status ?? (kind == .unavailable ? .unavailable : .noPermission)
  }
}

extension CredentialsError {
  /// Any error as one that other processes can be told.
  package init(any error: any Error) {
    if let error = error as? CredentialsError {
      self = error
    } else if let failure = error as? any Failure {
      self.init(
        failure.message, [.unavailable, .tryAgain].contains(failure.status) ? .unavailable : .unusable, status: failure.status)
    } else {
      self.init("\(error)")
    }
  }
}
