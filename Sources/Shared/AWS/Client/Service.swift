/// An AWS service as far as calling it goes: names that its model fixes.
package struct Service: Equatable {
  /// How its calls look on the wire.
  package enum WireProtocol: Equatable {
    /// AWS JSON 1.0 or 1.1: the operation in `X-Amz-Target` after `target` and a dot, members as a JSON object.
    case json(version: String, target: String)
    /// AWS Query: a form with `Action` and `Version`; answers in XML.
    case query(version: String)
    /// Paths and verbs; every call says its own.
    case rest
  }

  /// What the bodies of its calls hold, which decides what a message may say of them.
  package enum Bodies: Equatable {
    /// Passwords and tokens beside names.
    case secrets
    /// Names and templates.
    case names
    /// Log lines and metrics.
    case data
  }

  /// First label of the host: `logs` in `logs.eu-west-1.amazonaws.com`.
  package var hostPrefix: String
  /// In the credential scope of the signature.
  package var signingName: String
  package var wireProtocol: WireProtocol
  /// In `AWS_ENDPOINT_URL_…`; in lower case the key of a `services` section (AWS SDKs and Tools Reference Guide,
  /// "Service-specific endpoints"). Empty: no variable names its endpoint.
  package var endpointIdentifier: String
  package var bodies: Bodies

  package init(hostPrefix: String, signingName: String, wireProtocol: WireProtocol, endpointIdentifier: String, bodies: Bodies = .secrets) {
    self.hostPrefix = hostPrefix
    self.signingName = signingName
    self.wireProtocol = wireProtocol
    self.endpointIdentifier = endpointIdentifier
    self.bodies = bodies
  }
}
