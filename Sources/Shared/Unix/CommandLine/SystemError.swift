/// A system call that failed: what was tried, and why it did not work.
package struct SystemError: Error, CustomStringConvertible {
  /// What was tried, as an infinitive: `open /var/log/syslog`.
  package let action: String
  /// The value of `errno`.
  package let code: Int32

  /// A call that has just failed; `code` is the error number if it is not in `errno`.
  package init(_ action: String, code: Int32 = errno) {
    self.action = action
    self.code = code
  }

  /// `cannot open /var/log/syslog: Permission denied`
  package var description: String { "cannot \(action): \(Self.text(code))" }

  /// The C library's sentence for an error number.
  package static func text(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
