package import Unix

/// One call of one operation.
package struct AWSRequest {
  /// How the service knows who calls.
  package enum Authentication {
    /// Signature Version 4 with the client's credentials.
    case signature
    /// Not at all, or by what is in the request.
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
  /// Besides those of the protocol; signed too.
  package var headers: [(name: String, value: String)] = []
  /// Not copied: it must not change until the call has ended.
  package var body: ByteBuffer
  /// Whether the body may be sent compressed.
  var allowsCompression = false
  /// The body has times of this machine's clock: if the service refuses the call for its time, and thereby tells the true one, the
  /// call ends, so that they can be mended before another is made.
  var bodyHasTimes = false
  /// Where it goes, if not to the service's endpoint.
  package var endpoint: Endpoint?
  /// Seconds.
  package var limits = (connecting: 10, all: 120)
  /// PEM files, maybe the same, by which this machine says who it is when the connection is made.
  var clientCertificate: (certificatePath: String, keyPath: String)?

  package init(service: Service, operation: String, body: ByteBuffer, allowsCompression: Bool = false) {
    self.service = service
    self.operation = operation
    self.body = body
    self.allowsCompression = allowsCompression
  }
}

/// A call's success.
package struct AWSResponse {
  package var requestId: String
  /// A JSON object or nothing; XML of a query service; anything of a `rest` one.
  package var body: [UInt8]

  package init(requestId: String, body: [UInt8]) {
    self.requestId = requestId
    self.body = body
  }
}
