/// An error that ends a program with a message and an exit status.
package struct CommandError: Failure {
  package let status: ExitStatus
  package let message: String

  /// - Parameter message: as `Failure` describes it.
  package init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
