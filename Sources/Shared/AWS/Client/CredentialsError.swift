package import Unix

/// No credentials, and why.
package struct CredentialsError: Failure, Equatable {
  package enum Kind: String {
    /// There are none, or what is there can not be used as it is.
    case unusable
    /// Who gives them out could not be reached, or could not answer: they may be had later without anybody's doing.
    case unavailable
    /// Who gives them out said no: asking again soon does harm.
    case refused
  }

  package let kind: Kind
  package let message: String
  package let status: ExitStatus

  package init(_ message: String, _ kind: Kind = .unusable, status: ExitStatus? = nil) {
    self.kind = kind
    self.message = message
    self.status = status ?? (kind == .unavailable ? .unavailable : .noPermission)
  }
}

extension CredentialsError {
  /// What other processes are told of an error.
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
