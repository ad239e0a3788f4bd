internal import Unix

/// AWS IoT, its control plane (API version 2015-05-28): things, their certificates, and what certificates may do.
package enum IoT {
  package static let service = Service(
    hostPrefix: "iot", signingName: "iot", wireProtocol: .rest, endpointIdentifier: "IOT", bodies: .names)

  /// Where machines of this account and region get credentials for their certificates.
  package static func describeCredentialsEndpoint() -> AWSRequest {
    call("DescribeEndpoint", "GET", "/endpoint", query: [(name: "endpointType", value: "iot:CredentialProvider")])
  }

  package static func endpointAddress(_ response: AWSResponse) -> String? {
    struct Response: Decodable { let endpointAddress: String }
    return response.decoded(Response.self)?.endpointAddress
  }

  /// Succeeds as well if there is such a thing without attributes.
  package static func createThing(_ name: String) -> AWSRequest {
    call("CreateThing", "POST", "/things/\(CanonicalRequest.encoded(name))", body: Nothing())
  }

  /// Every call makes another certificate, also for the same request.
  /// - Parameter request: PEM.
  package static func createCertificateFromCsr(_ request: String) -> AWSRequest {
    call(
      "CreateCertificateFromCsr", "POST", "/certificates", query: [(name: "setAsActive", value: "true")],
      body: ["certificateSigningRequest": request])
  }

  package struct CertificateDescription: Decodable, Equatable {
    package let certificateArn: String
    package let certificatePem: String
  }

  package static func certificate(_ response: AWSResponse) -> CertificateDescription? { response.decoded(CertificateDescription.self) }

  /// - Parameter certificate: its ARN.
  package static func attachPolicy(_ policy: String, certificate: String) -> AWSRequest {
    call("AttachPolicy", "PUT", "/target-policies/\(CanonicalRequest.encoded(policy))", body: ["target": certificate])
  }

  /// - Parameter certificate: its ARN.
  package static func attachThingPrincipal(_ thing: String, certificate: String) -> AWSRequest {
    var call = call("AttachThingPrincipal", "PUT", "/things/\(CanonicalRequest.encoded(thing))/principals")
    call.headers.append((name: "x-amzn-principal", value: certificate))
    return call
  }

  /// It signs in nobody any more.
  /// - Parameter certificate: its name, the last part of its ARN.
  package static func deactivate(certificate: String) -> AWSRequest {
    call(
      "UpdateCertificate", "PUT", "/certificates/\(CanonicalRequest.encoded(certificate))", query: [(name: "newStatus", value: "INACTIVE")])
  }

  /// - Parameter token: of the page before.
  package static func listThingPrincipals(_ thing: String, after token: String? = nil) -> AWSRequest {
    call(
      "ListThingPrincipals", "GET", "/things/\(CanonicalRequest.encoded(thing))/principals",
      query: token.map { [(name: "nextToken", value: $0)] } ?? [])
  }

  package struct Principals: Decodable, Equatable {
    /// ARNs of certificates, as a rule.
    package let principals: [String]
    package let nextToken: String?
  }

  package static func principals(_ response: AWSResponse) -> Principals? { response.decoded(Principals.self) }

  /// Whether this is how the calls answer that have nothing to say.
  package static func isDone(_ response: AWSResponse) -> Bool { response.body.isEmpty || response.decoded(Nothing.self) != nil }

  private struct Nothing: Codable {}

  private static func call(
    _ operation: String, _ method: String, _ path: String, query: [(name: String, value: String)] = []
  ) -> AWSRequest {
    var call = AWSRequest(service: service, operation: operation, method: method, path: path, query: query)
    call.authentication = .signature
    return call
  }

  private static func call(
    _ operation: String, _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: some Encodable
  ) -> AWSRequest {
    var call = AWSRequest(service: service, operation: operation, request: body)
    (call.method, call.path, call.query) = (method, path, query)
    call.headers = [(name: "Content-Type", value: "application/json")]
    return call
  }
}
