internal import Unix
@testable internal import AWS

/// What lies in the folder of credentials: what is understood means the same once more when it is written, and may be asked about.
/// A `credential_process` prints as freely.
func fuzzCachedCredentials(_ input: Bytes) {
  if let kept = CachedCredentials(input, identity: "i") {
    hold(kept.identity == "i", "nobody gets another's credentials")
    let buffer = ByteBuffer()
    kept.append(to: buffer)
    hold(CachedCredentials(buffer.bytes, identity: "i") == kept, "what was read is written again")
    for now in [Int64.min / 4, 0, 1_795_341_600_000, Int64.max / 4] {
      _ = RenewalPolicy().action(kept, besides: nil, since: 0, provider: "s", inputs: { "x" }, now: now)
    }
  }
  _ = DateTime.milliseconds(iso8601: input.text)
  _ = try? ProcessAnswer.credentials(Array(input), from: "p", now: 0)
}
