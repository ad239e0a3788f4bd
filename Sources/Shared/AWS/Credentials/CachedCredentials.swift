internal import FoundationEssentials
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
  // Numbers beyond it are neither times nor counts.
  private static let numbers: ClosedRange<Int64> = (-1 << 53)...(1 << 53)

  /// Appends the JSON with a line feed.
  func append(to buffer: ByteBuffer) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Texts and whole numbers always encode.
    buffer.append(Array((try? encoder.encode(self)) ?? Data()))
    buffer.append("\n")
  }

  /// Nil if the bytes are incomplete, of another identity, or of another version.
  init?(_ json: UnsafeRawBufferPointer, identity: String) {
    guard let kept = JSONDecoder().value(Self.self, from: json), kept.identity == identity else { return nil }
    let refusals = kept.failure?.refusals ?? 0
    let numbers: [Int64] = [
      kept.sequence, kept.retrieved, kept.clockOffset ?? 0, kept.credentials?.expiration ?? 0, kept.failure?.time ?? 0,
    ]
    guard numbers.allSatisfy(Self.numbers.contains), (0..<Self.numbers.upperBound).contains(kept.sequence),
      (0...Int(Int32.max)).contains(refusals), kept.credentials?.areWellFormed ?? true
    else { return nil }
    self = kept
  }
}

extension CachedCredentials: Codable {
  private static let version = 1

  private enum Key: String, CodingKey { case version, identity, sequence, credentials, retrieved = "minted", clockOffset, memory, failure }
  // `AWSCredentials` itself is not Encodable, so that nothing else writes it.
  private enum CredentialsKey: String, CodingKey { case accessKeyId, secretAccessKey, sessionToken, expiration, accountId }
  private enum FailureKey: String, CodingKey { case message, status, kind, time, refusals, inputs }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    guard try members.decode(Int.self, forKey: .version) == Self.version else {
      throw DecodingError.dataCorruptedError(forKey: .version, in: members, debugDescription: "another version")
    }
    self.init(identity: try members.decode(String.self, forKey: .identity))
    sequence = try members.decode(Int64.self, forKey: .sequence)
    retrieved = try members.decode(Int64.self, forKey: .retrieved)
    clockOffset = try members.present(.clockOffset)
    memory = try members.decode([String: String].self, forKey: .memory)
    if members.contains(.credentials) {
      let inner = try members.nestedContainer(keyedBy: CredentialsKey.self, forKey: .credentials)
      credentials = AWSCredentials(
        accessKeyId: try inner.decode(String.self, forKey: .accessKeyId),
        secretAccessKey: try inner.decode(String.self, forKey: .secretAccessKey), sessionToken: try inner.present(.sessionToken),
        expiration: try inner.present(.expiration), accountId: try inner.present(.accountId))
    }
    if members.contains(.failure) {
      let inner = try members.nestedContainer(keyedBy: FailureKey.self, forKey: .failure)
      guard let kind = CredentialsError.Kind(rawValue: try inner.decode(String.self, forKey: .kind)) else {
        throw DecodingError.dataCorruptedError(forKey: .kind, in: inner, debugDescription: "another kind")
      }
      // A failure never makes a program end as if all were well.
      let status = ExitStatus(rawValue: try inner.decode(Int32.self, forKey: .status)).flatMap { $0 == .done ? nil : $0 }
      failure = FailedAttempt(
        error: CredentialsError(try inner.decode(String.self, forKey: .message), kind, status: status),
        time: try inner.decode(Int64.self, forKey: .time), refusals: try inner.decode(Int.self, forKey: .refusals),
        inputs: try inner.decode(String.self, forKey: .inputs))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Key.self)
    try members.encode(Self.version, forKey: .version)
    try members.encode(identity, forKey: .identity)
    try members.encode(sequence, forKey: .sequence)
    try members.encode(retrieved, forKey: .retrieved)
    try members.encodeIfPresent(clockOffset, forKey: .clockOffset)
    try members.encode(memory, forKey: .memory)
    if let credentials {
      var inner = members.nestedContainer(keyedBy: CredentialsKey.self, forKey: .credentials)
      try inner.encode(credentials.accessKeyId, forKey: .accessKeyId)
      try inner.encode(credentials.secretAccessKey, forKey: .secretAccessKey)
      try inner.encodeIfPresent(credentials.sessionToken, forKey: .sessionToken)
      try inner.encodeIfPresent(credentials.expiration, forKey: .expiration)
      try inner.encodeIfPresent(credentials.accountId, forKey: .accountId)
    }
    if let failure {
      var inner = members.nestedContainer(keyedBy: FailureKey.self, forKey: .failure)
      try inner.encode(failure.error.message, forKey: .message)
      try inner.encode(failure.error.status.rawValue, forKey: .status)
      try inner.encode(failure.error.kind.rawValue, forKey: .kind)
      try inner.encode(failure.time, forKey: .time)
      try inner.encode(failure.refusals, forKey: .refusals)
      try inner.encode(failure.inputs, forKey: .inputs)
    }
  }
}

extension KeyedDecodingContainer {
  /// Nil only if there is no such member: this program writes no `null`.
  fileprivate func present<Value: Decodable>(_ key: Key) throws -> Value? { contains(key) ? try decode(Value.self, forKey: key) : nil }
}
