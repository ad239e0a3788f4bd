package import AWS
internal import Records
package import Unix

/// An attempt to get credentials that failed.
package struct FailedAttempt: Equatable {
  package var error: CredentialsError
  /// Milliseconds since the epoch by this machine's clock.
  package var time: Int64
  /// How many attempts in a row were refused, not counting failures of other kinds between them.
  package var refusals: Int
  /// The stamp of the source's files as they were before the attempt (`InputStamp`).
  package var inputs: String
}

/// What the processes of a machine know together about one identity. No long-term secret, and nothing derived from one.
package struct CachedCredentials: Equatable {
  package var identity: String
  /// Counts the attempts, of whoever made them.
  package var sequence: Int64 = 0
  package var credentials: AWSCredentials?
  /// When, in milliseconds since the epoch by this machine's clock.
  package var minted: Int64 = 0
  /// What was to be added then to this machine's clock to have the service's.
  package var clockOffset: Int64?
  /// What the source remembers.
  package var memory: [String: String] = [:]
  /// The last attempt, if it failed.
  package var failure: FailedAttempt?

  package init(identity: String) { self.identity = identity }
}

// MARK: - as JSON

extension CachedCredentials {
  private static let version: Int64 = 1
  // Beyond it no number is a time, nor a count.
  private static let numbers: ClosedRange<Int64> = (-1 << 53)...(1 << 53)

  package func append(to buffer: ByteBuffer) {
    let object = ObjectWriter(buffer)
    object.add("version", Self.version)
    object.add("identity", identity)
    object.add("sequence", sequence)
    object.add("minted", minted)
    object.add("clockOffset", clockOffset)
    if let credentials {
      object.add("credentials") { inner in
        inner.add("accessKeyId", credentials.accessKeyId)
        inner.add("secretAccessKey", credentials.secretAccessKey)
        inner.add("sessionToken", credentials.sessionToken)
        inner.add("expiration", credentials.expiration)
        inner.add("accountId", credentials.accountId)
      }
    }
    object.add("memory") { inner in
      for (key, value) in memory.sorted(by: { $0.key < $1.key }) { inner.add(key, value) }
    }
    if let failure {
      object.add("failure") { inner in
        inner.add("message", failure.error.message)
        inner.add("status", Int64(failure.error.status.rawValue))
        inner.add("kind", failure.error.kind.rawValue)
        inner.add("time", failure.time)
        inner.add("refusals", Int64(failure.refusals))
        inner.add("inputs", failure.inputs)
      }
    }
    object.close()
    buffer.append("\n")
  }

  /// Nil if the bytes are not whole, not of this identity, or not what a version like this one writes.
  package init?(_ json: UnsafeRawBufferPointer, identity: String) {
    guard let object = FlatObject(json), object.integer("version") == Self.version, object.text("identity") == identity,
      let sequence = object.integer("sequence"), sequence >= 0, sequence < Self.numbers.upperBound,
      let minted = object.integer("minted"), let memory = object.object("memory")?.allTexts
    else { return nil }
    self.init(identity: identity)
    self.sequence = sequence
    self.minted = minted
    self.memory = memory
    if object.has("clockOffset") {
      guard let offset = object.integer("clockOffset") else { return nil }
      clockOffset = offset
    }
    if object.has("credentials") {
      guard let inner = object.object("credentials"), let credentials = Self.credentials(inner) else { return nil }
      self.credentials = credentials
    }
    if object.has("failure") {
      guard let inner = object.object("failure"), let failure = Self.failure(inner) else { return nil }
      self.failure = failure
    }
    guard [sequence, minted, clockOffset ?? 0, credentials?.expiration ?? 0, failure?.time ?? 0].allSatisfy(Self.numbers.contains)
    else { return nil }
  }

  private static func credentials(_ object: FlatObject) -> AWSCredentials? {
    guard let key = object.text("accessKeyId"), let secret = object.text("secretAccessKey"),
      object.isTextOrAbsent("sessionToken"), object.isTextOrAbsent("accountId"),
      !object.has("expiration") || object.integer("expiration") != nil
    else { return nil }
    let credentials = AWSCredentials(
      accessKeyId: key, secretAccessKey: secret, sessionToken: object.text("sessionToken"), expiration: object.integer("expiration"),
      accountId: object.text("accountId"))
    return credentials.areWellFormed ? credentials : nil
  }

  private static func failure(_ object: FlatObject) -> FailedAttempt? {
    guard let message = object.text("message"), let kind = object.text("kind").flatMap(CredentialsError.Kind.init),
      let status = object.integer("status"), let time = object.integer("time"),
      let refusals = object.integer("refusals"), (0...Int64(Int32.max)).contains(refusals), let inputs = object.text("inputs")
    else { return nil }
    let known = ExitStatus(rawValue: Int32(clamping: status)).flatMap { $0 == .done ? nil : $0 }
    let error = CredentialsError(message, kind, status: known)
    return FailedAttempt(error: error, time: time, refusals: Int(refusals), inputs: inputs)
  }
}

/// Members of an object, one after the other; those without a value are left out.
private struct ObjectWriter {
  private let buffer: ByteBuffer

  init(_ buffer: ByteBuffer) {
    self.buffer = buffer
    buffer.append("{")
  }

  func add(_ key: String, _ value: String?) {
    guard let value else { return }
    begin(key)
    JSONText.append(string: value, to: buffer)
  }

  func add(_ key: String, _ value: Int64?) {
    guard let value else { return }
    begin(key)
    buffer.append(decimal: value)
  }

  func add(_ key: String, _ members: (ObjectWriter) -> Void) {
    begin(key)
    let inner = ObjectWriter(buffer)
    members(inner)
    inner.close()
  }

  func close() { buffer.append("}") }

  private func begin(_ key: String) {
    if buffer.bytes.last != UInt8(ascii: "{") { buffer.append(",") }
    JSONText.append(string: key, to: buffer)
    buffer.append(":")
  }
}

/// The members of one whole object by name; of two with one name the last.
private struct FlatObject {
  private enum Value {
    case text(String)
    case integer(Int64)
    case object(UnsafeRawBufferPointer)
    case other
  }
  private var members: [String: Value] = [:]

  init?(_ json: UnsafeRawBufferPointer) {
    guard var scanner = ObjectScanner(json) else { return nil }
    while let key = scanner.nextKey() {
      guard let value = Self.value(&scanner) else { return nil }
      members[Self.unescaped(key)] = value
    }
    guard scanner.isComplete else { return nil }
  }

  private static func value(_ scanner: inout ObjectScanner) -> Value? {
    switch scanner.nextByte ?? 0 {
    case UInt8(ascii: "\""): return scanner.string().map { .text(unescaped($0.bytes)) }
    case UInt8(ascii: "{"): return scanner.object().map { .object($0) }
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return scanner.integer().map { .integer($0) }
    default: return scanner.skipValue() ? .other : nil
    }
  }

  private static func unescaped(_ bytes: UnsafeRawBufferPointer) -> String {
    let buffer = ByteBuffer()
    JSONText.appendUnescaped(bytes, to: buffer)
    return buffer.text
  }

  func has(_ key: String) -> Bool { members[key] != nil }

  func text(_ key: String) -> String? { if case .text(let value) = members[key] { value } else { nil } }

  func isTextOrAbsent(_ key: String) -> Bool { !has(key) || text(key) != nil }

  func integer(_ key: String) -> Int64? { if case .integer(let value) = members[key] { value } else { nil } }

  func object(_ key: String) -> FlatObject? { if case .object(let value) = members[key] { FlatObject(value) } else { nil } }

  /// All members, if all are strings.
  var allTexts: [String: String]? {
    var texts: [String: String] = [:]
    for (key, value) in members {
      guard case .text(let text) = value else { return nil }
      texts[key] = text
    }
    return texts
  }
}
