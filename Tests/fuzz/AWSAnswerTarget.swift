internal import HTTP
internal import Services
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

  let error = CallError(answer, operation: "PutLogEvents", place: "host")
  hold(!error.message.isEmpty, "a failure has words")
  _ = error.status
  let policy = RetryPolicy(maximumAttempts: nil, repeatsUncertain: true)
  for attempts in [0, 1, 100] {
    let pause = policy.pause(afterAttempts: attempts, error, random: 0.5)
    hold((0...60_000).contains(pause ?? 0), "no pause is longer than a minute")
  }
  if JSONObject.isComplete(answer.body) {
    for count in [0, 1, 10_000] {
      let rejected = CloudWatchLogs.rejected(Reply(requestId: "id", body: answer.body), count: count)
      hold(min(rejected.tooOld, rejected.expired, rejected.tooNew) >= 0 && rejected.total <= count, "no more are rejected than were sent")
    }
  }
  if let date = answer.headers["date"].flatMap(HTTPDate.milliseconds) {
    hold((0...253_402_300_860_000).contains(date), "a date has a year of four digits")
    var clock = ServiceClock()
    let now: Int64 = 1_795_341_600_000
    clock.learn(date: date, sent: now, received: now + 1000)
    _ = SigningDate(milliseconds: now + clock.offset)
  }
}
