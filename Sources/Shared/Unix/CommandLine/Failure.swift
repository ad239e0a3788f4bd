/// An error that can end a program: one line for a person, and an exit status.
package protocol Failure: Error {
  /// Lower case, no full stop: what, where, and then what to do.
  var message: String { get }
  var status: ExitStatus { get }
}

extension SystemError: Failure {
  package var message: String { description }

  package var status: ExitStatus {
    switch code {
    case EACCES, EPERM: .noPermission
    case ENOENT, ENOTDIR: .unavailable
    default: .inputOutput
    }
  }
}
