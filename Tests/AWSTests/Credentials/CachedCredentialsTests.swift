import Testing
import TestSupport
import Unix
@testable import AWS

@Suite struct CachedCredentialsTests {
  private static func sample() -> CachedCredentials {
    var sample = CachedCredentials(identity: "cognito\n\"ü\"")
    sample.sequence = 7
    sample.credentials = Machine.credentials(1, expiration: 1_800_003_600_000)
    sample.retrieved = 1_800_000_000_000
    sample.clockOffset = -86_400_000
    sample.memory = ["refreshToken": "r/+=\"\\", "identityId": "eu-central-1:1"]
    sample.failure = FailedAttempt(error: outage, time: 1_800_000_000_001, refusals: 3, inputs: "ab")
    return sample
  }

  private static func json(_ kept: CachedCredentials) -> String {
    let buffer = ByteBuffer()
    kept.append(to: buffer)
    return buffer.text
  }

  private static func parse(_ json: some Sequence<UInt8>, identity: String = sample().identity) -> CachedCredentials? {
    Array(json).withUnsafeBytes { CachedCredentials($0, identity: identity) }
  }

  @Test func whatIsWrittenIsRead() {
    var kept = Self.sample()
    for change: (inout CachedCredentials) -> Void in [
      { _ in }, { $0.clockOffset = nil }, { $0.failure?.error = refusal },
      { $0.failure?.error = CredentialsError("x", .unavailable, status: .tryAgain) }, { $0.failure = nil },
      { $0.credentials?.expiration = nil }, { $0.credentials?.accountId = nil }, { $0.credentials?.sessionToken = nil },
      { $0.memory = [:] },
      { $0.credentials = nil },
    ] {
      change(&kept)
      #expect(Self.parse(Self.json(kept).utf8, identity: kept.identity) == kept)
    }
  }

  @Test func whatIsCutShortIsNotThere() {
    // All but the line feed at its end.
    let whole = Array(Self.json(Self.sample()).utf8.dropLast())
    for length in 0..<whole.count { #expect(Self.parse(whole.prefix(length)) == nil) }
  }

  @Test func damageIsNeverReadAsSomethingElse() {
    let whole = Array(Self.json(Self.sample()).utf8)
    var random = SeededGenerator(4)
    for _ in 0..<20_000 {
      var damaged = whole
      for _ in 0...random.pick(0...3) { damaged[random.pick(0...whole.count - 1)] = UInt8(truncatingIfNeeded: random.next()) }
      guard let kept = Self.parse(damaged) else { continue }
      // JSON alone cannot tell one digit from another: what it must do is not trap, and stay within its bounds.
      #expect(kept.identity == Self.sample().identity)
      #expect(RenewalPolicy().pause(afterRefusals: kept.failure?.refusals ?? 0) <= 900_000)
    }
  }

  @Test(arguments: [
    ("\"version\":1", "\"version\":2"), ("\"version\":1", "\"version\":\"1\""), ("\"sequence\":7", "\"sequence\":-1"),
    ("\"sequence\":7", "\"sequence\":9223372036854775807"), ("\"sequence\":7,", ""), ("\"minted\":1", "\"minted\":99999999999999999991"),
    ("\"minted\":1", "\"minted\":99991"), ("\"AKID1\"", "1"), ("\"AKID1\"", "\"\""), ("\"AKID1\"", "\"a b\""),
    ("\"token1\"", "\"a\\r\\nX-Evil: 1\""), ("\"token1\"", "null"), ("\"expiration\":1", "\"expiration\":true,\"x\":1"),
    ("\"expiration\":1", "\"expiration\":99991"), ("\"clockOffset\":-", "\"clockOffset\":\"\",\"x\":-"),
    ("\"memory\":{", "\"memory\":{\"x\":1,"), ("\"memory\":{", "\"memory\":[],\"x\":{"), ("\"credentials\":{", "\"credentials\":{{"),
    ("\"credentials\":{", "\"credentials\":1,\"x\":{"), ("\"failure\":{", "\"failure\":null,\"x\":{"),
    ("\"unavailable\"", "\"other\""), ("\"refusals\":3", "\"refusals\":-3"), ("\"time\":1", "\"time\":99991"),
  ])
  func wrongTypesAndNumbersAreNotThere(_ part: String, _ other: String) throws {
    let json = Self.json(Self.sample())
    #expect(json.contains(part))
    let at = try #require(json.firstRange(of: part))
    #expect(Self.parse(json.replacingCharacters(of: at, with: other).utf8) == nil)
  }

  @Test func another() {
    let json = Self.json(Self.sample())
    #expect(Self.parse(json.utf8, identity: "another") == nil)
    for text in ["", "{}", "[]", "null", "{\"version\":1}", json + json, "[AKID]", "\u{0}\u{0}"] { #expect(Self.parse(text.utf8) == nil) }
    // What a later version adds is stepped over.
    #expect(Self.parse(("{\"new\":[{\"a\":null}]," + json.dropFirst()).utf8) == Self.sample())
    // A failure never makes a program end as if all were well.
    let forged = Self.json(Self.sample()).split(separator: "\"status\":69").joined(separator: "\"status\":0")
    #expect(Self.parse(forged.utf8)?.failure?.error.status == .unavailable)
  }
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<String.Index>? {
    indices.lazy.map { self[$0...] }.first { $0.hasPrefix(part) }.map { $0.startIndex..<index($0.startIndex, offsetBy: part.count) }
  }

  fileprivate func replacingCharacters(of range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + self[range.upperBound...]
  }
}
