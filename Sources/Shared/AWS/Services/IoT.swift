internal import Config
internal import Unix

/// AWS IoT, its control plane (API version 2015-05-28): things, their certificates, and what certificates may do.
package enum IoT {
  package static let service = Service(
    hostPrefix: "iot", signingName: "iot", wireProtocol: .rest, endpointIdentifier: "IOT", bodies: .names)

  /// Asks where machines of this account and region get credentials for their certificates.
  package static func describeCredentialsEndpoint() -> AWSRequest {
    request("DescribeEndpoint", "GET", "/endpoint", query: [(name: "endpointType", value: "iot:CredentialProvider")])
  }

  /// The host in a response to DescribeEndpoint; nil: there is none.
  package static func endpointAddress(_ response: AWSResponse) -> String? { response.json?.string("endpointAddress") }

  /// Makes a thing; this also succeeds if there is one of this name without attributes.
  package static func createThing(_ name: String) -> AWSRequest {
    request("CreateThing", "POST", "/things/\(CanonicalRequest.encoded(name))", body: [:])
  }

  /// Every request makes another certificate, also for the same `csr`.
  /// - Parameter csr: the certificate signing request in PEM.
  package static func createCertificateFromCsr(_ csr: String) -> AWSRequest {
    request(
      "CreateCertificateFromCsr", "POST", "/certificates", query: [(name: "setAsActive", value: "true")],
      body: ["certificateSigningRequest": csr])
  }

  /// The certificate in a response to CreateCertificateFromCsr; nil: there is none.
  package static func certificate(_ response: AWSResponse) -> (arn: String, pem: String)? {
    guard let json = response.json, let arn = json.string("certificateArn"), let pem = json.string("certificatePem") else { return nil }
    return (arn, pem)
  }

  /// Gives a certificate a policy.
  /// - Parameter certificate: its ARN.
  package static func attachPolicy(_ policy: String, certificate: String) -> AWSRequest {
    request("AttachPolicy", "PUT", "/target-policies/\(CanonicalRequest.encoded(policy))", body: ["target": certificate])
  }

  /// Attaches a certificate to a thing.
  /// - Parameter certificate: its ARN.
  package static func attachThingPrincipal(_ thing: String, certificate: String) -> AWSRequest {
    var request = request("AttachThingPrincipal", "PUT", "/things/\(CanonicalRequest.encoded(thing))/principals")
    request.headers.append((name: "x-amzn-principal", value: certificate))
    return request
  }

  /// The certificate can no longer sign in.
  /// - Parameter certificate: its id, the last part of its ARN.
  package static func deactivate(certificate: String) -> AWSRequest {
    request(
      "UpdateCertificate", "PUT", "/certificates/\(CanonicalRequest.encoded(certificate))", query: [(name: "newStatus", value: "INACTIVE")])
  }

  /// Asks for a page of the certificates of a thing.
  /// - Parameter token: of the page before; nil: the first page.
  package static func listThingPrincipals(_ thing: String, after token: String? = nil) -> AWSRequest {
    request(
      "ListThingPrincipals", "GET", "/things/\(CanonicalRequest.encoded(thing))/principals",
      query: token.map { [(name: "nextToken", value: $0)] } ?? [])
  }

  /// The ARNs, of certificates as a rule, in a response to ListThingPrincipals, and the token of the next page, nil at the end; nil: it is no
  /// such response.
  package static func principals(_ response: AWSResponse) -> (principals: [String], next: String?)? {
    guard let json = response.json, let principals = json.elements("principals") else { return nil }
    return (principals.compactMap { $0.string() }, json.string("nextToken"))
  }

  /// Whether this is a success of a request whose response has no members.
  package static func isDone(_ response: AWSResponse) -> Bool {
    if case .object? = response.json?.value { true } else { response.body.isEmpty }
  }

  private static func request(
    _ operation: String, _ method: String, _ path: String, query: [(name: String, value: String)] = []
  ) -> AWSRequest {
    var request = AWSRequest(service: service, operation: operation, method: method, path: path, query: query)
    request.authentication = .signature
    return request
  }

  private static func request(
    _ operation: String, _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: JSON.Value
  ) -> AWSRequest {
    var request = AWSRequest(service: service, operation: operation, request: body)
    (request.method, request.path, request.query) = (method, path, query)
    request.headers = [(name: "Content-Type", value: "application/json")]
    return request
  }
}
