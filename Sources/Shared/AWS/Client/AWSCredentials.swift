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

  /// Keys; nil as in the properties.
  package init(
    accessKeyId: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Int64? = nil, accountId: String? = nil
  ) {
    self.accessKeyId = accessKeyId
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.accountId = accountId
  }

  /// Whether the values fit into header fields, as all that AWS issues do.
  var areWellFormed: Bool {
    [accessKeyId, secretAccessKey, sessionToken ?? "-"].allSatisfy { text in
      !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
  }
}

// A secret is not printed, not even by accident.
extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "credentials \(accessKeyId)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["accessKeyId": accessKeyId]) }
}
