internal import Unix

/// A request as it goes on the wire.
struct HTTPRequest {
  var method: String
  var url: String
  /// In the order sent.
  var headers: [(name: String, value: String)]
  /// Not copied: it must not change until the answer is there.
  var body: ByteBuffer
  var limits = Limits()
  /// Presented when the connection is made.
  var clientCertificate: ClientCertificate?
  /// Whether it may arrive twice. libcurl by itself sends a request once more when a connection that was kept open ends before the first
  /// byte of the answer, whether the service has carried it out or not; one that must not be repeated gets a connection of its own.
  var mayBeRepeated = true

  /// How long it may take, in seconds.
  struct Limits: Equatable {
    var connecting: Int
    var all: Int

    init(connecting: Int = 10, all: Int = 120) {
      self.connecting = connecting
      self.all = all
    }
  }

  init(method: String, url: String, headers: [(name: String, value: String)], body: ByteBuffer) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

/// PEM files by which this machine says who it is.
struct ClientCertificate: Equatable {
  var certificatePath: String
  /// May be the same.
  var keyPath: String
}

package struct HTTPResponse {
  package var status: Int
  /// Names in lower case; of a repeated one the last value.
  package var headers: [String: String]
  package var body: [UInt8]

  package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no answer.
package struct HTTPFailure: Error {
  package enum Cause: Equatable {
    /// Name resolution, connecting, or the proxy.
    case connect
    /// No TLS connection, or no trust in the certificate.
    case tls
    /// A time limit passed.
    case timeout
    /// The connection broke, or the answer was none.
    case broken
    /// The request could not be made at all; trying again is of no use.
    case invalid
  }

  package var cause: Cause
  /// In libcurl's words.
  package var detail: String
  /// Whether the whole request left this machine, so that it may have been carried out.
  var mayHaveBeenSent: Bool

  init(cause: Cause, detail: String, mayHaveBeenSent: Bool) {
    self.cause = cause
    self.detail = detail
    self.mayHaveBeenSent = mayHaveBeenSent
  }
}
