package import Unix

extension Spool {
  package struct InUse: Failure {
    package let directory: String
    package let process: Int32
    package var message: String { "\(directory) is in use by process \(process); end it, or give another --spool" }
    package var status: ExitStatus { .tryAgain }
  }

  /// The spool was written by a later version: its records would be taken for damage.
  package struct TooNew: Failure {
    package let path: String
    package var message: String { "\(path) was written by a newer version of this program; install that version, or give another --spool" }
    package var status: ExitStatus { .badConfiguration }
  }

  /// Records of somebody else wait in the spool.
  package struct ForeignRecords: Error {
    package let label: [UInt8]
  }
}
