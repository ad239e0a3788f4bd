internal import Unix

/// A request as it goes on the wire.
struct HTTPRequest {
  var method: String
  var url: String
  /// In the order sent.
  var headers: [(name: String, value: String)]
  /// Not copied: it must not change until the response is there.
  var body: ByteBuffer
  var limits = Limits()
  /// Presented when the connection is made.
  var clientCertificate: ClientCertificate?
  /// Whether it may arrive twice. libcurl itself repeats a request when a kept connection ends before the first byte of the response,
  /// whether the service has carried it out or not; a request that must not be repeated gets a new connection.
  var mayBeRepeated = true
  /// Called when there is a connection, before the first byte of the request is sent; false: it is not sent.
  var willSend: (() -> Bool)?

  /// How long a request may take, in seconds.
  struct Limits: Equatable {
    var connecting = 10
    var all = 120
  }
}

/// PEM files by which this machine identifies itself in TLS.
struct ClientCertificate: Equatable {
  var certificatePath: String
  /// May be the same file.
  var keyPath: String
}

struct HTTPResponse {
  var status: Int
  /// Names are in lower case; of a repeated field the last value counts.
  var headers: [String: String] = [:]
  var body: [UInt8] = []
}

/// Why there is no response.
package struct HTTPFailure: Error {
  package enum Cause: Equatable {
    /// Name resolution, connecting, or the proxy.
    case connect
    /// No TLS connection, or no trust in the certificate.
    case tls
    /// A time limit passed.
    case timeout
    /// The connection broke, or the response was no HTTP.
    case broken
    /// The request could not be built; another attempt is useless.
    case invalid
  }

  var cause: Cause
  /// In libcurl's words.
  var detail: String
  /// Whether the whole request left this machine, so that it may have been carried out.
  var mayHaveBeenSent: Bool
}
