internal import COpenSSL
internal import Unix

/// An operation of libcrypto failed: no memory, no randomness, or a policy of this system forbids it.
struct LibcryptoError: Failure, Equatable {
  let message: String
  var status: ExitStatus { .unavailable }

  /// - Parameter operation: for the message, such as `sign`.
  init(_ operation: String) {
    let reason = ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) }
    ERR_clear_error()
    message = "libcrypto cannot \(operation): \(reason ?? "it does not say why")"
  }
}
