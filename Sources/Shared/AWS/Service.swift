/// An AWS service as far as calling it goes: names that its model fixes.
package struct Service: Equatable {
  /// First label of the host: `logs` in `logs.eu-west-1.amazonaws.com`.
  package var hostPrefix: String
  /// In the credential scope of the signature.
  package var signingName: String
  /// Before the dot of `X-Amz-Target`.
  package var targetPrefix: String
  /// Of `application/x-amz-json-…`.
  package var jsonVersion: String
  /// In `AWS_ENDPOINT_URL_…`; in lower case the key of a `services` section (AWS SDKs and Tools Reference Guide,
  /// "Service-specific endpoints").
  package var endpointIdentifier: String

  package init(
    hostPrefix: String, signingName: String, targetPrefix: String, jsonVersion: String, endpointIdentifier: String
  ) {
    self.hostPrefix = hostPrefix
    self.signingName = signingName
    self.targetPrefix = targetPrefix
    self.jsonVersion = jsonVersion
    self.endpointIdentifier = endpointIdentifier
  }
}
