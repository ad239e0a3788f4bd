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

/// Does something. Where a system call fails in it, throws what `translate` makes of its error.
package func translating<Result>(_ translate: (SystemError) -> any Error, _ body: () throws -> Result) rethrows -> Result {
  do {
    return try body()
  } catch let error as SystemError {
    throw translate(error)
  }
}
