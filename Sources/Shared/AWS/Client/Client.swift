package import Unix

/// Calls AWS: signs, sends, decodes, and holds the one loop that tries again.
///
/// One thread: `start` returns at once, completions are called from `wait`. Every attempt is signed anew, with the
/// service's clock. Expired credentials and a wrong clock are mended once without counting as an attempt.
package final class Client: Caller {
  package typealias Completion = (Result<Reply, CallError>) -> Void

  /// Told of every attempt that failed and will be repeated: the error, which attempt, the pause in milliseconds.
  package var onRetry: ((CallError, Int, Int64) -> Void)?

  /// How many requests may be under way at once: each has a connection, its buffers and a handshake.
  package static let maximumParallel = 8

  private let options: ClientOptions
  private let desk: CredentialsDesk
  private let transport: Transport
  private let gzip = Gzip()
  private var clock = ServiceClock()
  private var signers: [String: Signer] = [:]
  private var waiting: [Attempt] = []
  private var lastSuccess = Int64.min
  private var runningCount = 0
  private var finished: [() -> Void] = []

  package convenience init(_ options: ClientOptions, credentials: any CredentialsProvider) throws {
    try self.init(options, CredentialsDesk(credentials))
  }

  /// A client with credentials that are at hand; nil: for calls that are not signed.
  package convenience init(_ options: ClientOptions, fixed: AWSCredentials?) throws {
    try self.init(options, CredentialsDesk(fixed: fixed))
  }

  private init(_ options: ClientOptions, _ desk: CredentialsDesk) throws {
    self.options = options
    self.desk = desk
    transport = try Transport(.init(caBundle: options.caBundle, userAgent: options.userAgent))
  }

  /// Calls that have not ended.
  package var pendingCount: Int { waiting.count + runningCount + finished.count }

  /// What is to be added to this machine's clock to have the service's, as far as answers have told, in milliseconds.
  package var clockOffset: Int64 { clock.offset(at: Clock.reading()) }

  package func serviceOffset(at now: Clock.Reading) -> Int64? { clock.bootTime.map { _ in clock.offset(at: now) } }

  /// This machine's clock, corrected by what the service's answers say, in milliseconds since the epoch.
  package var serviceMilliseconds: Int64 {
    let now = Clock.reading()
    return now.realtime + clock.offset(at: now)
  }

  /// Starts a call. The closures are called from a later `wait`.
  package func start(_ call: Call, onFailure: ((CallError) -> Void)?, completion: @escaping Completion) {
    if let descriptor = options.dryRunDescriptor {
      let result = Result { try DryRun.print(call, region: options.region, to: descriptor) }
        .mapError { CallError(kind: .network(.invalid), detail: "\($0)", operation: call.operation) }
      finished.append { completion(result) }
      return
    }
    let attempt = Attempt(call: call, onFailure: onFailure, completion: completion)
    if call.allowsCompression, let minimum = options.minimumCompressionSize, call.body.count >= minimum,
      let compressed = gzip.compress(call.body.bytes)
    {
      attempt.body = compressed
      attempt.isCompressed = true
    }
    waiting.append(attempt)
  }

  /// Makes a call and waits for its end.
  package func send(_ call: Call) throws -> Reply {
    var outcome: Result<Reply, CallError>?
    start(call) { outcome = $0 }
    while true {
      if let outcome { return try outcome.get() }
      wait(milliseconds: 60_000)
    }
  }

  /// Moves all calls on, and returns when one has ended, or when the time is over.
  package func wait(milliseconds: Int) {
    var none: [pollfd] = []
    wait(&none, milliseconds: milliseconds)
  }

  /// Moves all calls on, and returns when one has ended, when a descriptor has something, or when the time is over.
  package func wait(_ descriptors: inout [pollfd], milliseconds: Int) {
    var pause = Int64(max(milliseconds, 0))
    let now = Clock.monotonicNanoseconds()
    var due: [Attempt] = []
    waiting.removeAll { attempt in
      // One that ends makes room for the next; until then there is nothing to wake up for.
      guard runningCount + due.count < Self.maximumParallel, !attempt.waitsForCredentials else { return false }
      guard attempt.notBefore <= now else { return false }
      due.append(attempt)
      return true
    }
    due.forEach(launch)
    // Those, too, that could not be launched.
    for attempt in waiting where attempt.notBefore > now { pause = min(pause, (attempt.notBefore - now) / 1_000_000 + 1) }
    if !finished.isEmpty { pause = 0 }
    wait(&descriptors, pause: Int(pause))
    let completions = finished
    finished.removeAll()
    completions.forEach { $0() }
  }

  // For the network, for the descriptors, and for credentials that are being fetched.
  private func wait(_ descriptors: inout [pollfd], pause: Int) {
    guard let fetch = desk.descriptor else { return transport.wait(&descriptors, milliseconds: pause) }
    descriptors.append(pollfd(fd: fetch, events: Int16(POLLIN), revents: 0))
    transport.wait(&descriptors, milliseconds: pause)
    guard let result = descriptors.popLast(), result.revents != 0, let outcome = desk.collect() else { return }
    let held = waiting.filter(\.waitsForCredentials)
    held.forEach { $0.waitsForCredentials = false }
    guard case .failure(let error) = outcome else { return }
    waiting.removeAll { attempt in held.contains { $0 === attempt } }
    for attempt in held { failed(attempt, error) }
  }

  // MARK: - one attempt

  private final class Attempt {
    let call: Call
    let onFailure: ((CallError) -> Void)?
    let completion: Completion
    var body: ByteBuffer
    var isCompressed = false
    var count = 0
    var notBefore: Int64 = 0
    var waitsForService = false
    var waitsForCredentials = false
    var credentials: AWSCredentials?
    var launched: Int64 = 0
    /// Of credentials in whose place others were looked for.
    var refusal: CallError?
    var hasCorrectedClock = false
    var clockOffset: Int64 = 0
    var sent = Clock.Reading(realtime: 0, sinceBoot: 0)

    init(call: Call, onFailure: ((CallError) -> Void)?, completion: @escaping Completion) {
      self.call = call
      self.onFailure = onFailure
      self.completion = completion
      body = call.body
    }
  }

  private func launch(_ attempt: Attempt) {
    let call = attempt.call
    let endpoint: Endpoint
    do {
      endpoint = try call.endpoint ?? options.endpoint(of: call.service)
    } catch {
      return end(attempt, .failure(CallError(unmakable: error, operation: call.operation)))
    }
    if case .signature = call.authentication {
      switch desk.credentials(clockOffset: clockOffset) {
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
    let request: HTTPRequest
    do {
      request = try self.request(attempt, endpoint: endpoint)
    } catch {
      return end(attempt, .failure(CallError(unmakable: error, operation: call.operation)))
    }
    runningCount += 1
    transport.start(request) { [self] result in
      runningCount -= 1
      received(result, attempt, endpoint: endpoint)
    }
  }

  private func request(_ attempt: Attempt, endpoint: Endpoint) throws -> HTTPRequest {
    let call = attempt.call
    let service = call.service
    var headers = [(name: "Host", value: endpoint.host)] + call.headers
    switch service.wire {
    case .json(let version, let target):
      headers.append((name: "Content-Type", value: "application/x-amz-json-\(version)"))
      headers.append((name: "X-Amz-Target", value: "\(target).\(call.operation)"))
    case .query: headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"))
    case .rest: break
    }
    if attempt.isCompressed { headers.append((name: "Content-Encoding", value: "gzip")) }
    let date = SigningDate(milliseconds: attempt.sent.realtime + attempt.clockOffset)
    switch (call.authentication, attempt.credentials) {
    case (.signature, let credentials?):
      var signer = signers[service.signingName] ?? Signer(service: service.signingName, region: options.region)
      headers += signer.headers(
        method: call.method, path: call.path, query: call.query, headers: headers, body: attempt.body.bytes, credentials: credentials,
        date: date)
      signers[service.signingName] = signer
    case (.certificate(let identity), _):
      headers += try CertificateSigner(identity, region: options.region).headers(
        method: call.method, path: call.path, query: call.query, headers: headers, body: attempt.body.bytes, date: date)
    case (.signature, nil), (.none, _): break
    }
    // libcurl sends what it is given: a line's end in a value would begin another field.
    if let forged = headers.first(where: { !$0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }) {
      let detail = "\(call.operation) is not sent: the header field \(forged.name) would have a control character in it"
      throw CallError(kind: .network(.invalid), detail: detail, operation: call.operation)
    }
    let query = call.query.isEmpty ? "" : "?" + CanonicalRequest.canonicalQuery(call.query)
    var request = HTTPRequest(method: call.method, url: endpoint.url + call.path + query, headers: headers, body: attempt.body)
    request.mayBeRepeated = options.retryPolicy.repeatsUncertain
    request.limits = HTTPRequest.Limits(connecting: call.limits.connecting, all: call.limits.all)
    request.clientCertificate = call.clientCertificate.map {
      ClientCertificate(certificatePath: $0.certificatePath, keyPath: $0.keyPath)
    }
    return request
  }

  private func received(_ result: Result<HTTPResponse, HTTPFailure>, _ attempt: Attempt, endpoint: Endpoint) {
    switch result {
    case .success(let response):
      if response.headers["age"] == nil, let date = response.headers["date"].flatMap(HTTPDate.milliseconds) {
        clock.learn(date: date, sent: attempt.sent.sinceBoot, received: Clock.bootMilliseconds())
      }
      if let reply = Reply(response, to: attempt.call) {
        serviceIsBack()
        end(attempt, .success(reply))
      } else {
        var error = CallError(response, to: attempt.call, place: endpoint.host, credentials: attempt.credentials)
        // An answer that is not the service's (a gateway's, say) tells nothing of what the service has done.
        error.mayHaveBeenAccepted = error.code.isEmpty && !(400..<500).contains(response.status)
        failed(attempt, error)
      }
    case .failure(let failure):
      var error = CallError(kind: .network(failure.cause), detail: failure.detail, operation: attempt.call.operation)
      error.place = endpoint.host
      error.mayHaveBeenAccepted = failure.mayHaveBeenSent
      // libcurl quotes what it does not understand.
      error.withhold(attempt.call, attempt.credentials)
      failed(attempt, error)
    }
  }

  // No credentials: not even an attempt was made. While they can not be had, that counts as one all the same.
  private func failed(_ attempt: Attempt, _ error: CredentialsError) {
    // The service's own words say more than that there are no other credentials.
    if error.kind == .unusable, let refusal = attempt.refusal { return end(attempt, .failure(refusal)) }
    let kind: CallError.Kind = error.kind == .unavailable ? .credentialsUnavailable : .noCredentials(error.status)
    attempt.count += 1
    failed(attempt, CallError(kind: kind, detail: error.message, operation: attempt.call.operation))
  }

  private func failed(_ attempt: Attempt, _ error: CallError) {
    switch error.kind {
    case .expired, .badCredentials:
      guard let credentials = attempt.credentials, attempt.refusal == nil else { break }
      attempt.refusal = error
      desk.refuse(credentials)
      waiting.append(attempt)
      return
    case .clockSkew, .accessDenied:
      // Of use only if this answer has taught us another time than the one that was signed. IAM Roles Anywhere knows no other word for
      // it than that access is denied; AWS puts up with less than five minutes.
      let signed = attempt.sent.bootTime + attempt.clockOffset
      let difference = clock.bootTime.map { abs($0 - signed) } ?? 0
      guard !attempt.hasCorrectedClock, difference > (error.kind == .clockSkew ? 60_000 : 240_000) else { break }
      if attempt.call.bodyHasTimes, error.kind == .clockSkew { return end(attempt, .failure(error)) }
      attempt.hasCorrectedClock = true
      waiting.append(attempt)
      return
    default: break
    }
    let random = Double.random(in: 0..<1)
    guard let pause = options.retryPolicy.pause(afterAttempts: attempt.count, error, random: random) else {
      end(attempt, .failure(error))
      return
    }
    attempt.notBefore = Clock.monotonicNanoseconds() + pause * 1_000_000
    attempt.waitsForService =
      switch error.kind {
      case .network, .credentialsUnavailable: true
      default: false
      }
    // Others got through while this one was under way.
    if attempt.launched < lastSuccess { wake(attempt) }
    waiting.append(attempt)
    attempt.onFailure?(error)
    onRetry?(error, attempt.count, pause)
  }

  // Once one call gets through, those that wait for the end of an outage need wait no longer.
  private func serviceIsBack() {
    lastSuccess = Clock.monotonicNanoseconds()
    waiting.forEach(wake)
  }

  private func wake(_ attempt: Attempt) {
    guard attempt.waitsForService else { return }
    attempt.notBefore = min(attempt.notBefore, Clock.monotonicNanoseconds() + .random(in: 0..<1_000_000_000))
  }

  private func end(_ attempt: Attempt, _ result: Result<Reply, CallError>) {
    finished.append { attempt.completion(result) }
  }
}

extension CallError {
  /// The request could not be made at all.
  fileprivate init(unmakable error: any Error, operation: String) {
    self.init(kind: .network(.invalid), detail: (error as? any Failure)?.message ?? "\(error)", operation: operation)
  }

  fileprivate init(kind: Kind, detail: String, operation: String) {
    self.init(kind: kind, code: "", detail: detail, place: "", operation: operation)
  }
}

extension Reply {
  /// Nil unless this is a service's success. A captive portal answers 200 as well: a JSON service's has a request id and a JSON
  /// object or nothing, a query service's the XML that belongs to the operation; what comes of a `rest` call must be looked at by
  /// who makes it.
  fileprivate init?(_ response: HTTPResponse, to call: Call) {
    let requestId = response.headers["x-amzn-requestid"] ?? response.headers["x-amz-request-id"]
    switch call.service.wire {
    case .json:
      guard response.status == 200, let requestId else { return nil }
      let text = response.body.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
      if !text.isEmpty {
        guard text.first == UInt8(ascii: "{"), JSONObject.isComplete(response.body) else { return nil }
      }
      self.init(requestId: requestId, body: response.body)
    case .query:
      guard response.status == 200, XMLElement(response.body)?.name == "\(call.operation)Response" else { return nil }
      self.init(requestId: requestId ?? "", body: response.body)
    case .rest:
      guard (200..<300).contains(response.status) else { return nil }
      self.init(requestId: requestId ?? "", body: response.body)
    }
  }
}
