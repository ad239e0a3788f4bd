package import Unix

/// A request for one operation of a service.
package struct AWSRequest {
  /// How the service authenticates the request.
  package enum Authentication {
    /// Signature Version 4 with the client's credentials.
    case signature
    /// Without a signature: by a token in the request, or not at all.
    case none
    /// IAM Roles Anywhere: the same signature, by the key of a certificate.
    case certificate(X509Identity)
  }

  package var service: Service
  /// Such as `PutLogEvents`.
  package var operation: String
  package var authentication = Authentication.signature
  package var method = "POST"
  /// As on the wire.
  package var path = "/"
  package var query: [(name: String, value: String)] = []
  /// Fields besides those of the protocol; signed too.
  package var headers: [(name: String, value: String)] = []
  /// Not copied: it must not change until the request has ended.
  package var body: ByteBuffer
  /// Whether the one who makes the request decides itself, by the client's `retryPolicy`, if and when it is tried again.
  package var isTriedOnce = false
  /// Called in each attempt when there is a connection, before the first byte of the request is sent; false: it is not sent. A request
  /// that fails before has surely not arrived.
  package var willSend: (() -> Bool)?
  /// Whether the body may be sent compressed.
  var allowsCompression = false
  /// Whether the body has times of this machine's clock. If the service refuses such a request because of its time, and thereby tells
  /// the true time, the request ends, so that the caller can correct the body.
  var bodyHasTimes = false
  /// Where the request goes; nil: to the service's endpoint.
  package var endpoint: Endpoint?
  var limits = HTTPRequest.Limits()
  /// What this machine presents when the connection is made; nil: nothing.
  var clientCertificate: ClientCertificate?

  /// A signed POST request. `body` is not copied.
  package init(service: Service, operation: String, body: ByteBuffer, allowsCompression: Bool = false) {
    self.service = service
    self.operation = operation
    self.body = body
    self.allowsCompression = allowsCompression
  }
}

/// A successful response.
package struct AWSResponse {
  package var requestId: String
  /// A JSON object or nothing; XML from a query service; anything from a REST service.
  package var body: [UInt8]

  /// A response as a stand-in for a service makes it.
  package init(requestId: String, body: [UInt8]) {
    self.requestId = requestId
    self.body = body
  }
}
