internal import COpenSSL
internal import Unix

/// libcrypto could not do what it can do: no memory, no randomness, or a policy of this system forbids it.
struct LibcryptoError: Failure, Equatable {
  let message: String
  var status: ExitStatus { .unavailable }

  /// - Parameter operation: for the message, such as `sign`.
  init(_ operation: String) {
    let reason = ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) }
    ERR_clear_error()
    message = "libcrypto can not \(operation): \(reason ?? "it does not say why")"
  }
}
