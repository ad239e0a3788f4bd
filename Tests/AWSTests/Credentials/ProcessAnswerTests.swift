import Testing
@testable import AWS

struct ProcessAnswerTests {
  /// 2026-01-05T03:04:05Z
  private static let now: Int64 = 1_767_582_245_000
  private static let keys = #""Version": 1, "AccessKeyId": "A", "SecretAccessKey": "canary""#

  private func credentials(_ text: String) throws -> AWSCredentials {
    try ProcessAnswer.credentials(Array(text.utf8), from: "it", now: Self.now)
  }

  @Test(
    arguments: [
      ("", nil, nil, nil), (#", "SessionToken": "t", "AccountId": "123456789012""#, "t", nil, "123456789012"),
      (#", "SessionToken": "", "Expiration": null, "AccountId": null, "More": [1]"#, nil, nil, nil),
      (#", "Expiration": "2026-01-05T03:04:06Z""#, nil, now + 1000, nil),
      (#", "Expiration": "2026-01-05T03:04:05.001Z""#, nil, now + 1, nil),
      (#", "Expiration": "2026-01-05T05:04:06.5+02:00""#, nil, now + 1500, nil),
      (#", "Expiration": "2026-01-04T22:34:06-04:30""#, nil, now + 1000, nil),
    ] as [(String, String?, Int64?, String?)])
  func reads(_ more: String, _ token: String?, _ expiration: Int64?, _ account: String?) throws {
    #expect(
      try credentials("{\(Self.keys)\(more)}\n")
        == AWSCredentials(accessKeyId: "A", secretAccessKey: "canary", sessionToken: token, expiration: expiration, accountId: account))
  }

  // Not in the macro: an interpolation there makes the compiler of Swift 6.0.3 crash.
  private static let refused = [
    ("", "it printed no JSON object, or something besides it on standard output"),
    ("canary", "it printed no JSON object, or something besides it on standard output"),
    ("[1]", "it printed no JSON object, or something besides it on standard output"),
    ("signing in\n{\(keys)}", "it printed no JSON object, or something besides it on standard output"),
    ("{\(keys)} canary", "it printed no JSON object, or something besides it on standard output"),
    ("{}", #"it printed an answer without "Version": 1, which is all that is known"#),
    (#"{"Version": "1"}"#, #"it printed an answer without "Version": 1, which is all that is known"#),
    (#"{"Version": 2}"#, #"it printed an answer without "Version": 1, which is all that is known"#),
    (#"{"Version": 1}"#, "it printed an answer without AccessKeyId and SecretAccessKey"),
    (#"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": ""}"#, "it printed an answer without SecretAccessKey"),
    (#"{"Version": 1, "AccessKeyId": 7, "SecretAccessKey": "canary"}"#, "it printed an answer without AccessKeyId"),
    (#"{\#(keys), "Expiration": "tomorrow"}"#, "it printed an Expiration that is no moment such as 2026-01-05T04:04:05Z"),
    (#"{\#(keys), "Expiration": ""}"#, "it printed an Expiration that is no moment such as 2026-01-05T04:04:05Z"),
    (#"{\#(keys), "Expiration": 1767582245}"#, "it printed an Expiration that is no moment such as 2026-01-05T04:04:05Z"),
  ]

  @Test(arguments: refused)
  func refusesAndShowsNothingOfIt(_ text: String, _ message: String) {
    let expected = CredentialsError(message)
    #expect(throws: expected) { try credentials(text) }
  }

  @Test func whatHasEndedIsNoCredentials() {
    let expected = CredentialsError("it printed credentials that ended on 2026-01-05T03:04:05Z; is the clock right?", .unavailable)
    #expect(throws: expected) { try credentials(#"{\#(Self.keys), "Expiration": "2026-01-05T03:04:05Z"}"#) }
  }
}
