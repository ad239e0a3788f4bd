/// What is needed to send requests to an AWS service: names that its model fixes.
package struct Service: Equatable {
  /// How its requests look on the wire.
  enum WireProtocol: Equatable {
    /// AWS JSON 1.0 or 1.1: the operation in `X-Amz-Target` after `target` and a dot, members as a JSON object.
    case json(version: String, target: String)
    /// AWS Query: a form with `Action` and `Version`; answers in XML.
    case query(version: String)
    /// REST: every request has its own path and method.
    case rest
  }

  /// What the bodies of its requests hold, which decides how much of them a message may show.
  enum Bodies: Equatable {
    /// Passwords and tokens beside names.
    case secrets
    /// Names and templates.
    case names
    /// Log lines and metrics.
    case data
  }

  /// First label of the host: `logs` in `logs.eu-west-1.amazonaws.com`.
  var hostPrefix: String
  /// The name in the credential scope of the signature.
  package var signingName: String
  var wireProtocol: WireProtocol
  /// The name in `AWS_ENDPOINT_URL_…`; in lower case the key of a `services` section (AWS SDKs and Tools Reference Guide,
  /// "Service-specific endpoints"). Empty: no variable names its endpoint.
  var endpointIdentifier: String
  var bodies = Bodies.secrets
}
