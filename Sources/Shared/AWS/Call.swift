package import Unix

/// One call of one operation.
package struct Call {
  package var service: Service
  /// Such as `PutLogEvents`.
  package var operation: String
  /// The request as JSON. Not copied: it must not change until the call has ended.
  package var body: ByteBuffer
  /// Whether the body may be sent compressed.
  package var allowsCompression: Bool

  package init(service: Service, operation: String, body: ByteBuffer, allowsCompression: Bool = false) {
    self.service = service
    self.operation = operation
    self.body = body
    self.allowsCompression = allowsCompression
  }
}

/// A call's success.
package struct Reply {
  package var requestId: String
  /// A JSON object, or nothing.
  package var body: [UInt8]

  package init(requestId: String, body: [UInt8]) {
    self.requestId = requestId
    self.body = body
  }
}
