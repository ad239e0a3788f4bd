package import Unix

/// No credentials, and why.
package struct CredentialsError: Failure {
  package let message: String
  package var status: ExitStatus { .noPermission }

  package init(_ message: String) { self.message = message }
}
