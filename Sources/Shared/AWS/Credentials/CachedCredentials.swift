internal import Config
internal import Unix

/// A failed attempt to get credentials.
struct FailedAttempt: Equatable {
  var error: CredentialsError
  /// Milliseconds since the epoch by this machine's clock.
  var time: Int64
  /// How many attempts in a row were refused, not counting failures of other kinds between them.
  var refusals: Int
  /// The stamp of the provider's files before the attempt (`InputStamp`).
  var inputs: String
}

/// What all processes of a machine share about one identity. It holds no password and no private key that the identity signs in with;
/// what lives longest is a refresh token, which the service accepts for a month unless the pool says otherwise.
struct CachedCredentials: Equatable {
  var identity: String
  /// Counts the attempts of all processes.
  var sequence: Int64 = 0
  var credentials: AWSCredentials?
  /// When the credentials were retrieved, in milliseconds since the epoch by this machine's clock.
  var retrieved: Int64 = 0
  /// Milliseconds to add to this machine's clock at that time to get the service's time; nil: not known.
  var clockOffset: Int64?
  /// What the provider remembers, such as a refresh token.
  var memory: [String: String] = [:]
  /// The last attempt if it failed.
  var failure: FailedAttempt?

  /// Nothing is known yet.
  init(identity: String) { self.identity = identity }
}

// MARK: - as JSON

extension CachedCredentials {
  private static let version = 1

  /// Appends the JSON with a line feed. `AWSCredentials` itself has no form as JSON, so that nothing else writes it.
  func append(to buffer: ByteBuffer) {
    let keys: JSON.Value? = credentials.map { keys in
      [
        "accessKeyId": keys.accessKeyId, "secretAccessKey": keys.secretAccessKey, "sessionToken": keys.sessionToken,
        "expiration": keys.expiration.map { Int($0) }, "accountId": keys.accountId,
      ]
    }
    let attempt: JSON.Value? = failure.map { failure in
      [
        "message": failure.error.message, "status": Int(failure.error.status.rawValue), "kind": failure.error.kind.rawValue,
        "time": Int(failure.time), "refusals": failure.refusals, "inputs": failure.inputs,
      ]
    }
    let json: JSON.Value = [
      "version": Self.version, "identity": identity, "sequence": Int(sequence), "credentials": keys, "minted": Int(retrieved),
      "clockOffset": clockOffset.map { Int($0) }, "memory": JSON.Value(texts: memory), "failure": attempt,
    ]
    json.append(to: buffer)
    buffer.append("\n")
  }

  /// Nil if the bytes are incomplete, of another identity, or of another version.
  init?(_ json: UnsafeRawBufferPointer, identity: String) {
    guard let members = JSON(parsing: Array(json)), let kept = try? CachedCredentials(members), kept.identity == identity else {
      return nil
    }
    self = kept
  }

  private init(_ members: JSON) throws {
    guard try members.whole("version") == Self.version, let memory = members.at("memory")?.value.texts else { throw Damaged() }
    self.init(identity: try members.text("identity"))
    sequence = try members.whole("sequence", 0...JSON.largestWhole)
    retrieved = try members.whole("minted")
    clockOffset = try members.ifPresent("clockOffset") { try members.whole($0) }
    self.memory = memory
    credentials = try members.ifPresent("credentials") { name in
      guard let keys = members.at(name) else { throw Damaged() }
      let credentials = AWSCredentials(
        accessKeyId: try keys.text("accessKeyId"), secretAccessKey: try keys.text("secretAccessKey"),
        sessionToken: try keys.ifPresent("sessionToken", keys.text), expiration: try keys.ifPresent("expiration") { try keys.whole($0) },
        accountId: try keys.ifPresent("accountId", keys.text))
      guard credentials.areWellFormed else { throw Damaged() }
      return credentials
    }
    failure = try members.ifPresent("failure") { name in
      guard let failure = members.at(name), let kind = CredentialsError.Kind(rawValue: try failure.text("kind")) else { throw Damaged() }
      // A failure never makes a program end as if all were well.
      let status = ExitStatus(rawValue: Int32(truncatingIfNeeded: try failure.whole("status"))).flatMap { $0 == .done ? nil : $0 }
      return FailedAttempt(
        error: CredentialsError(try failure.text("message"), kind, status: status), time: try failure.whole("time"),
        refusals: Int(try failure.whole("refusals", 0...Int64(Int32.max))), inputs: try failure.text("inputs"))
    }
  }
}

/// A member is missing, or of another type than this program writes.
private struct Damaged: Error {}

extension JSON {
  /// Greater numbers are neither times nor counts.
  fileprivate static let largestWhole: Int64 = 1 << 53

  fileprivate func text(_ name: String) throws -> String {
    guard let text = string(name) else { throw Damaged() }
    return text
  }

  fileprivate func whole(_ name: String, _ range: ClosedRange<Int64> = -largestWhole...largestWhole) throws -> Int64 {
    guard let whole = number(name).flatMap({ Int64(exactly: $0) }), range.contains(whole) else { throw Damaged() }
    return whole
  }

  /// Nil only if there is no such member: this program writes no `null`.
  fileprivate func ifPresent<Member>(_ name: String, _ read: (String) throws -> Member) rethrows -> Member? {
    guard case .object(let members) = value, members.contains(where: { $0.key == name }) else { return nil }
    return try read(name)
  }
}
