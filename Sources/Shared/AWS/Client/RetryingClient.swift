internal import Config
package import Unix

/// Sends requests to AWS: signs, sends, decodes, and holds the one loop that retries.
///
/// One thread: `start` returns at once, completions are called from `wait`. Every attempt is signed anew, with the
/// service's clock. Expired credentials and a wrong clock are corrected once without counting as an attempt.
package final class RetryingClient: AWSClient {
  package typealias Completion = (Result<AWSResponse, AWSError>) -> Void

  /// Called for every attempt that will be repeated: the error, the number of the attempt, the pause in milliseconds.
  package var onRetry: ((AWSError, Int, Int64) -> Void)?

  /// How many requests may be under way at once: each has a connection, its buffers and a handshake.
  package static let maximumParallel = 8

  private let options: ClientOptions
  private let refresher: CredentialsRefresher
  private let transport: Transport
  private let gzip = Gzip()
  private var clock = ServiceClock()
  private var signers: [String: Signer] = [:]
  private var waiting: [Attempt] = []
  private var lastSuccess = Int64.min
  private var runningCount = 0
  private var finished: [() -> Void] = []

  /// A client that gets and renews its credentials by a resolver.
  /// - Throws: `SystemError` if libcurl does not start, or the CA bundle is unreadable.
  package convenience init(_ options: ClientOptions, credentials: any CredentialsResolver) throws {
    try self.init(options, CredentialsRefresher(credentials))
  }

  /// A client with credentials that are never renewed; nil: for requests that are not signed.
  /// - Throws: `SystemError` if libcurl does not start, or the CA bundle is unreadable.
  package convenience init(_ options: ClientOptions, fixed: AWSCredentials?) throws {
    try self.init(options, CredentialsRefresher(fixed: fixed))
  }

  private init(_ options: ClientOptions, _ refresher: CredentialsRefresher) throws {
    self.options = options
    self.refresher = refresher
    transport = try Transport(.init(caBundle: options.caBundle, userAgent: options.userAgent))
  }

  /// Whether and when requests are tried again.
  package var retryPolicy: RetryPolicy { options.retryPolicy }

  /// The number of requests that have not ended.
  package var pendingCount: Int { waiting.count + runningCount + finished.count }

  /// Milliseconds to add to this machine's clock to get the service's time; 0 until a response has told it.
  package var clockOffset: Int64 { clock.offset(at: Clock.reading()) }

  /// Milliseconds to add to this machine's clock at `now` to get the service's time; nil until a response has told it.
  package func serviceOffset(at now: Clock.Reading) -> Int64? { clock.bootTime.map { _ in clock.offset(at: now) } }

  /// How far this machine's clock is from the service's, in milliseconds, to within about a second; nil until a response has told it.
  package var clockDistance: Int64? {
    let now = Clock.reading()
    return clock.bootTime.map { Int64(clamping: ($0 &- now.bootTime).magnitude) }
  }

  /// This machine's clock, corrected by the service's responses, in milliseconds since the epoch.
  package var serviceMilliseconds: Int64 {
    let now = Clock.reading()
    return now.realtime + clock.offset(at: now)
  }

  /// Starts a request. The closures are called from a later `wait`.
  package func start(_ request: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping Completion) {
    if let descriptor = options.dryRunDescriptor {
      let result = Result { try show(request, to: descriptor) }
        .mapError { AWSError(kind: .network(.invalid), detail: "\($0)", operation: request.operation) }
      finished.append { completion(result) }
      return
    }
    let attempt = Attempt(request: request, onFailure: onFailure, completion: completion)
    if request.allowsCompression, let minimum = options.minimumCompressionSize, request.body.count >= minimum,
      let compressed = gzip.compress(request.body.bytes)
    {
      attempt.body = compressed
      attempt.isCompressed = true
    }
    waiting.append(attempt)
  }

  // `--dry-run`: prints `{"service":…,"region":…,"operation":…,"request":{…}}` instead of sending.
  private func show(_ request: AWSRequest, to descriptor: Int32) throws -> AWSResponse {
    let line = ByteBuffer(capacity: request.body.count + 256)
    line.append("{\"service\":\"\(request.service.signingName)\",\"region\":\"\(options.region)\",")
    line.append("\"operation\":\"\(request.operation)\",\"request\":")
    line.append(request.body)
    line.append("}\n")
    try Descriptor.writeAll(descriptor, line)
    return AWSResponse(requestId: "dry-run", body: [])
  }

  /// Sends a request and waits for its end.
  /// - Throws: `AWSError`.
  package func send(_ request: AWSRequest) throws -> AWSResponse {
    var outcome: Result<AWSResponse, AWSError>?
    start(request) { outcome = $0 }
    while true {
      if let outcome { return try outcome.get() }
      wait(milliseconds: 60_000)
    }
  }

  /// Works on all requests, and returns when one has ended, or when the time is over.
  package func wait(milliseconds: Int) {
    var none: [pollfd] = []
    wait(&none, milliseconds: milliseconds)
  }

  /// Works on all requests, and returns when one has ended, when a descriptor is ready, or when the time is over.
  package func wait(_ descriptors: inout [pollfd], milliseconds: Int) {
    var pause = Int64(max(milliseconds, 0))
    let now = Clock.monotonicNanoseconds()
    var due: [Attempt] = []
    waiting.removeAll { attempt in
      // A request that ends makes room for the next; until then there is no reason to wake up.
      guard runningCount + due.count < Self.maximumParallel, !attempt.waitsForCredentials else { return false }
      guard attempt.notBefore <= now else { return false }
      due.append(attempt)
      return true
    }
    due.forEach(launch)
    // This includes attempts that could not be launched.
    for attempt in waiting where attempt.notBefore > now { pause = min(pause, (attempt.notBefore - now) / 1_000_000 + 1) }
    if !finished.isEmpty { pause = 0 }
    wait(&descriptors, pause: Int(pause))
    let completions = finished
    finished.removeAll()
    completions.forEach { $0() }
  }

  // Waits for the network, the descriptors, and credentials that are being fetched.
  private func wait(_ descriptors: inout [pollfd], pause: Int) {
    guard let fetch = refresher.descriptor else { return transport.wait(&descriptors, milliseconds: pause) }
    descriptors.append(pollfd(fd: fetch, events: Int16(POLLIN), revents: 0))
    transport.wait(&descriptors, milliseconds: pause)
    guard let result = descriptors.popLast(), result.revents != 0, let outcome = refresher.collect() else { return }
    let held = waiting.filter(\.waitsForCredentials)
    held.forEach { $0.waitsForCredentials = false }
    guard case .failure(let error) = outcome else { return }
    waiting.removeAll { attempt in held.contains { $0 === attempt } }
    for attempt in held { failed(attempt, error) }
  }

  // MARK: - one attempt

  private final class Attempt {
    let request: AWSRequest
    let onFailure: ((AWSError) -> Void)?
    let completion: Completion
    var body: ByteBuffer
    var isCompressed = false
    var count = 0
    var notBefore: Int64 = 0
    var waitsForService = false
    var waitsForCredentials = false
    var credentials: AWSCredentials?
    var launched: Int64 = 0
    /// The error that made this request ask for other credentials; nil: none.
    var refusal: AWSError?
    var hasCorrectedClock = false
    var clockOffset: Int64 = 0
    var sent = Clock.Reading(realtime: 0, sinceBoot: 0)

    init(request: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping Completion) {
      self.request = request
      self.onFailure = onFailure
      self.completion = completion
      body = request.body
    }
  }

  private func launch(_ attempt: Attempt) {
    let request = attempt.request
    let endpoint: Endpoint
    do {
      endpoint = try request.endpoint ?? options.endpoint(of: request.service)
    } catch {
      return end(attempt, .failure(AWSError(unmakable: error, operation: request.operation)))
    }
    if case .signature = request.authentication {
      switch refresher.credentials(clockOffset: clockOffset) {
      case .ready(let credentials): attempt.credentials = credentials
      case .later:
        attempt.waitsForCredentials = true
        waiting.append(attempt)
        return
      case .notBefore(let time):
        attempt.notBefore = time
        waiting.append(attempt)
        return
      case .failed(let error): return failed(attempt, error)
      }
    }
    attempt.count += 1
    attempt.launched = Clock.monotonicNanoseconds()
    attempt.sent = Clock.reading()
    attempt.clockOffset = clock.offset(at: attempt.sent)
    let httpRequest: HTTPRequest
    do {
      httpRequest = try self.httpRequest(attempt, endpoint: endpoint)
    } catch {
      return end(attempt, .failure(AWSError(unmakable: error, operation: request.operation)))
    }
    runningCount += 1
    transport.start(httpRequest) { [self] result in
      runningCount -= 1
      received(result, attempt, endpoint: endpoint)
    }
  }

  private func httpRequest(_ attempt: Attempt, endpoint: Endpoint) throws -> HTTPRequest {
    let request = attempt.request
    let service = request.service
    var headers = [(name: "Host", value: endpoint.host)] + request.headers
    switch service.wireProtocol {
    case .json(let version, let target):
      headers.append((name: "Content-Type", value: "application/x-amz-json-\(version)"))
      headers.append((name: "X-Amz-Target", value: "\(target).\(request.operation)"))
    case .query: headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"))
    case .rest: break
    }
    if attempt.isCompressed { headers.append((name: "Content-Encoding", value: "gzip")) }
    let date = DateTime(milliseconds: attempt.sent.realtime + attempt.clockOffset)
    switch (request.authentication, attempt.credentials) {
    case (.signature, let credentials?):
      var signer = signers[service.signingName] ?? Signer(service: service.signingName, region: options.region)
      headers += signer.headers(
        method: request.method, path: request.path, query: request.query, headers: headers, body: attempt.body.bytes,
        credentials: credentials, date: date)
      signers[service.signingName] = signer
    case (.certificate(let identity), _):
      headers += try CertificateSigner(identity: identity, region: options.region).headers(
        method: request.method, path: request.path, query: request.query, headers: headers, body: attempt.body.bytes, date: date)
    case (.signature, nil), (.none, _): break
    }
    // libcurl sends what it is given: a line feed in a value would begin another field.
    if let forged = headers.first(where: { !$0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }) {
      let detail = "\(request.operation) is not sent: the header field \(forged.name) would have a control character in it"
      throw AWSError(kind: .network(.invalid), detail: detail, operation: request.operation)
    }
    let query = request.query.isEmpty ? "" : "?" + CanonicalRequest.canonicalQuery(request.query)
    var httpRequest = HTTPRequest(method: request.method, url: endpoint.url + request.path + query, headers: headers, body: attempt.body)
    httpRequest.mayBeRepeated = options.retryPolicy.repeatsUncertain
    httpRequest.willSend = request.willSend
    httpRequest.limits = request.limits
    httpRequest.clientCertificate = request.clientCertificate
    return httpRequest
  }

  private func received(_ result: Result<HTTPResponse, HTTPFailure>, _ attempt: Attempt, endpoint: Endpoint) {
    switch result {
    case .success(let response):
      if response.headers["age"] == nil, let date = response.headers["date"].flatMap(DateTime.milliseconds(httpDate:)) {
        clock.learn(date: date, sent: attempt.sent.sinceBoot, received: Clock.bootMilliseconds())
      }
      if let response = AWSResponse(response, to: attempt.request) {
        serviceIsBack()
        end(attempt, .success(response))
      } else {
        var error = AWSError(response, to: attempt.request, host: endpoint.host, credentials: attempt.credentials)
        // A response from a gateway does not tell what the service has done.
        error.mayHaveBeenAccepted = error.code.isEmpty && !(400..<500).contains(response.status)
        failed(attempt, error)
      }
    case .failure(let failure):
      var error = AWSError(kind: .network(failure.cause), detail: failure.detail, operation: attempt.request.operation)
      error.host = endpoint.host
      error.mayHaveBeenAccepted = failure.mayHaveBeenSent
      // libcurl quotes what it does not understand.
      error.withhold(attempt.request, attempt.credentials)
      failed(attempt, error)
    }
  }

  // Without credentials nothing is sent, and yet that counts as an attempt.
  private func failed(_ attempt: Attempt, _ error: CredentialsError) {
    // The service's own words say more than that there are no other credentials.
    if error.kind == .unusable, let refusal = attempt.refusal { return end(attempt, .failure(refusal)) }
    let kind: AWSError.Kind = error.kind == .unavailable ? .credentialsUnavailable : .noCredentials(error.status)
    attempt.count += 1
    failed(attempt, AWSError(kind: kind, detail: error.message, operation: attempt.request.operation))
  }

  private func failed(_ attempt: Attempt, _ error: AWSError) {
    switch error.kind {
    case .expired, .badCredentials:
      guard let credentials = attempt.credentials, attempt.refusal == nil else { break }
      attempt.refusal = error
      refresher.refuse(credentials)
      waiting.append(attempt)
      return
    case .clockSkew, .accessDenied:
      // Another attempt helps only if this response has told another time than the one that was signed. IAM Roles Anywhere calls a wrong
      // time "access denied"; AWS tolerates less than five minutes.
      let signed = attempt.sent.bootTime + attempt.clockOffset
      let difference = clock.bootTime.map { abs($0 - signed) } ?? 0
      guard !attempt.hasCorrectedClock, difference > (error.kind == .clockSkew ? 60_000 : 240_000) else { break }
      if attempt.request.bodyHasTimes, error.kind == .clockSkew { return end(attempt, .failure(error)) }
      attempt.hasCorrectedClock = true
      waiting.append(attempt)
      return
    default: break
    }
    let random = Double.random(in: 0..<1)
    guard !attempt.request.isTriedOnce, let pause = options.retryPolicy.pause(afterAttempts: attempt.count, error, random: random) else {
      end(attempt, .failure(error))
      return
    }
    attempt.notBefore = Clock.monotonicNanoseconds() + pause * 1_000_000
    attempt.waitsForService =
      switch error.kind {
      case .network, .credentialsUnavailable: true
      default: false
      }
    // Another request succeeded while this one was under way.
    if attempt.launched < lastSuccess { wake(attempt) }
    waiting.append(attempt)
    attempt.onFailure?(error)
    onRetry?(error, attempt.count, pause)
  }

  // After one success, requests that wait for the end of an outage need not wait any longer.
  private func serviceIsBack() {
    lastSuccess = Clock.monotonicNanoseconds()
    waiting.forEach(wake)
  }

  private func wake(_ attempt: Attempt) {
    guard attempt.waitsForService else { return }
    attempt.notBefore = min(attempt.notBefore, Clock.monotonicNanoseconds() + .random(in: 0..<1_000_000_000))
  }

  private func end(_ attempt: Attempt, _ result: Result<AWSResponse, AWSError>) {
    finished.append { attempt.completion(result) }
  }
}

extension AWSError {
  /// The request could not be built.
  fileprivate init(unmakable error: any Error, operation: String) {
    self.init(kind: .network(.invalid), detail: (error as? any Failure)?.message ?? "\(error)", operation: operation)
  }

  fileprivate init(kind: Kind, detail: String, operation: String) {
    self.init(kind: kind, code: "", detail: detail, host: "", operation: operation)
  }
}

extension AWSResponse {
  /// Nil unless this is a service's success. A captive portal answers 200 as well: a success of a JSON service has a request id and a
  /// JSON object or nothing, one of a query service the XML of its operation; the caller of a REST service must check the body.
  fileprivate init?(_ response: HTTPResponse, to request: AWSRequest) {
    let requestId = response.headers["x-amzn-requestid"] ?? response.headers["x-amz-request-id"]
    switch request.service.wireProtocol {
    case .json:
      guard response.status == 200, let requestId else { return nil }
      let text = response.body.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
      if !text.isEmpty {
        guard text.first == UInt8(ascii: "{"), text.elementsEqual("{}".utf8) || JSON(parsing: response.body) != nil else { return nil }
      }
      self.init(requestId: requestId, body: response.body)
    case .query:
      guard response.status == 200, XMLElement(response.body)?.name == "\(request.operation)Response" else { return nil }
      self.init(requestId: requestId ?? "", body: response.body)
    case .rest:
      guard (200..<300).contains(response.status) else { return nil }
      self.init(requestId: requestId ?? "", body: response.body)
    }
  }
}
