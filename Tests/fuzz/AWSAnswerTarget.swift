internal import Unix
@testable internal import AWS

/// An answer of a service, a proxy or a captive portal: its status, its headers, an empty line, its body.
func fuzzAWSAnswer(_ input: Bytes) {
  var (line, rest) = input.split(at: 0x0A)
  var answer = HTTPResponse(status: Int(line.text) ?? 200)
  (line, rest) = rest.split(at: 0x0A)
  while !line.isEmpty {
    let (name, value) = line.split(at: UInt8(ascii: ":"))
    answer.headers[name.text.lowercased()] = value.text.split(separator: " ").joined(separator: " ")
    (line, rest) = rest.split(at: 0x0A)
  }
  answer.body = Array(rest)

  for wireProtocol in [Service.WireProtocol.json(version: "1.1", target: "t"), .query(version: "v"), .rest] {
    let service = Service(hostPrefix: "h", signingName: "s", wireProtocol: wireProtocol, endpointIdentifier: "")
    let error = AWSError(answer, to: AWSRequest(service: service, operation: "Ask", body: ByteBuffer()), host: "host")
    hold(!error.message.isEmpty, "a failure has words")
    _ = error.status
    let policy = RetryPolicy(maximumAttempts: nil, repeatsUncertain: true)
    for attempts in [0, 1, 100] {
      let pause = policy.pause(afterAttempts: attempts, error, random: 0.5)
      hold((0...60_000).contains(pause ?? 0), "no pause is longer than a minute")
    }
  }
  examineCredentials(AWSResponse(requestId: "id", body: answer.body))
  if AWSResponse(requestId: "id", body: answer.body).json != nil {
    for count in [0, 1, 10_000] {
      let rejected = CloudWatchLogs.rejected(AWSResponse(requestId: "id", body: answer.body), count: count)
      hold(min(rejected.tooOld, rejected.expired, rejected.tooNew) >= 0 && rejected.total <= count, "no more are rejected than were sent")
    }
  }
  if let date = answer.headers["date"].flatMap(DateTime.milliseconds(httpDate:)) {
    hold((0...253_402_300_860_000).contains(date), "a date has a year of four digits")
    var clock = ServiceClock()
    let now: Int64 = 1_795_341_600_000
    clock.learn(date: date, sent: now, received: now + 1000)
    _ = DateTime(milliseconds: now + clock.offset(at: Clock.Reading(realtime: now, sinceBoot: now + 1000)))
  }
}

private func examineCredentials(_ response: AWSResponse) {
  let decoders = [
    STS.credentials, CognitoIdentity.credentials, IoTCredentialProvider.credentials, RolesAnywhere.credentials, SSO.credentials,
    MetadataService.credentials,
  ]
  for credentials in decoders.compactMap({ $0(response) }) {
    hold(!credentials.accessKeyId.isEmpty && !credentials.secretAccessKey.isEmpty, "half a key is none")
    for offset in [Int64.min / 4, 0, Int64.max / 4] {
      _ = RenewalPolicy().state(retrieved: 0, expiration: credentials.expiration, clockOffset: offset, now: 1_795_341_600_000)
    }
    _ = credentials.expiration.map { DateTime(milliseconds: $0).iso8601 }
  }
  _ = STS.callerIdentity(response)
  _ = CognitoIdentityProvider.answer(response)
  _ = SSOOIDC.token(response)
  _ = MetadataService.text(response)
}
