/// The end of a program, for the reasons that only the program itself can name.
package struct CommandError: Failure {
  package let status: ExitStatus
  package let message: String

  package init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
