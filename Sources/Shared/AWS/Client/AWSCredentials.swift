/// Keys that sign requests.
package struct AWSCredentials: Equatable {
  package var accessKeyId: String
  package var secretAccessKey: String
  /// Nil if the credentials are permanent.
  package var sessionToken: String?
  /// When they end, in milliseconds since the epoch by the service's clock; nil: they do not.
  package var expiration: Int64?
  /// The account that the keys belong to; nil if the provider does not say.
  package var accountId: String?

  /// Whether the values fit into header fields, as all that AWS issues do.
  var areWellFormed: Bool {
    [accessKeyId, secretAccessKey, sessionToken ?? "-"].allSatisfy { text in
      !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
  }
}

extension AWSCredentials {
  /// Temporary keys from a response; nil if it lacks one of their parts.
  init?(temporary accessKeyId: String?, _ secretAccessKey: String?, _ sessionToken: String?, expiration: Int64?, accountId: String? = nil) {
    guard let accessKeyId, !accessKeyId.isEmpty, let secretAccessKey, !secretAccessKey.isEmpty, let sessionToken, let expiration else {
      return nil
    }
    self.init(
      accessKeyId: accessKeyId, secretAccessKey: secretAccessKey, sessionToken: sessionToken, expiration: expiration, accountId: accountId)
  }
}

// A secret is not printed, not even by accident.
extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "credentials \(accessKeyId)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["accessKeyId": accessKeyId]) }
}
