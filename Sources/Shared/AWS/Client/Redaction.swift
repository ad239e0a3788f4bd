internal import Unix

/// Removes what a request has sent from the text of its response: a proxy, or a server in the service's place, may echo the request,
/// and messages are read by people who must not know the password.
///
/// Everything that was sent counts as a secret unless it is known to be public.
struct Redaction {
  private var secrets: [[UInt8]] = []
  /// Log lines and metrics as they are sent. Every message shares some words with a megabyte of text, so only long pieces count.
  private var data: ByteBuffer?

  /// The number of consecutive bytes of a secret that are never shown.
  private static let window = 8
  /// The same for data.
  private static let longWindow = 32
  /// Shorter values are no secrets, and occur in every text.
  private static let shortestSecret = 4

  /// - Parameters:
  ///   - request: its body is not compressed.
  ///   - credentials: the keys that signed it; nil if it was not signed.
  init(_ request: AWSRequest, credentials: AWSCredentials?) {
    for secret in [credentials?.secretAccessKey, credentials?.sessionToken] { add(secret) }
    for (name, value) in request.headers where !Self.publicHeaders.contains(name.lowercased()) { add(value) }
    switch request.service.bodies {
    case .names: return
    case .data:
      data = request.body
      return
    case .secrets: break
    }
    let body = request.body.bytes
    let members = request.service.isQuery ? Self.members(form: body) : Self.members(json: body)
    for (name, value) in members where !Self.publicMembers.contains(name) { add(value) }
  }

  private mutating func add(_ secret: String?) { if let secret { add(Array(secret.utf8)) } }

  private mutating func add(_ secret: [UInt8]) { if secret.count >= Self.shortestSecret { secrets.append(secret) } }

  /// Names that messages are useless without.
  private static let publicMembers: Set = [
    "Action", "Version", "AuthFlow", "ClientId", "ChallengeName", "Username", "USERNAME", "UserPoolId", "IdentityPoolId", "IdentityId",
    "AccountId", "MessageAction", "RoleArn", "RoleSessionName", "DurationSeconds", "clientId", "grantType", "roleSessionName",
    "logGroupName", "logStreamName", "logGroupClass", "kmsKeyId", "Namespace", "MetricName",
  ]
  private static let publicHeaders: Set = ["accept", "content-type", "x-amzn-iot-thingname", "x-aws-ec2-metadata-token-ttl-seconds"]

  /// A text from the response, with an ellipsis for each piece of what was sent.
  func clean(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var isSecret = [Bool](repeating: false, count: bytes.count)
    mark(bytes, &isSecret)
    guard isSecret.contains(true) else { return text }
    var result: [UInt8] = []
    for index in bytes.indices {
      if !isSecret[index] {
        result.append(bytes[index])
      } else if index == 0 || !isSecret[index - 1] {
        result += "…".utf8
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private func mark(_ text: [UInt8], _ isSecret: inout [Bool]) {
    var places: [UInt64: [Int]] = [:]
    for (offset, number) in Self.windows(text) { places[number, default: []].append(offset) }
    for secret in secrets {
      if secret.count < Self.window {
        Self.mark(secret, in: text, &isSecret)
      } else if !places.isEmpty {
        for (_, number) in Self.windows(secret) {
          for offset in places[number] ?? [] { for index in offset..<offset + Self.window { isSecret[index] = true } }
        }
      }
    }
    if let data { Self.markPieces(of: data, in: text, &isSecret) }
  }

  // A piece of at least 32 bytes has one of 16 in it that begins at a multiple of 16; around that it is looked at whole.
  private static func markPieces(of data: ByteBuffer, in text: [UInt8], _ isSecret: inout [Bool]) {
    let bytes = data.bytes
    let length = longWindow / 2
    for start in stride(from: 0, through: text.count - length, by: length) where !isSecret[start] {
      guard let offset = bytes.firstPlace(of: text[start..<start + length]) else { continue }
      var before = 0
      while before < start, before < offset, text[start - before - 1] == bytes[offset - before - 1] { before += 1 }
      var end = length
      while start + end < text.count, offset + end < bytes.count, text[start + end] == bytes[offset + end] { end += 1 }
      if before + end >= longWindow { for index in start - before..<start + end { isSecret[index] = true } }
    }
  }

  private static func mark(_ secret: [UInt8], in text: [UInt8], _ isSecret: inout [Bool]) {
    guard text.count >= secret.count else { return }
    for offset in 0...text.count - secret.count where text[offset..<offset + secret.count].elementsEqual(secret) {
      for index in offset..<offset + secret.count { isSecret[index] = true }
    }
  }

  // Each run of eight bytes as a number, with where it begins.
  private static func windows(_ bytes: [UInt8]) -> some Sequence<(Int, UInt64)> {
    var number: UInt64 = 0
    return bytes.enumerated().lazy.compactMap { index, byte in
      number = number << 8 | UInt64(byte)
      return index + 1 >= window ? (index + 1 - window, number) : nil
    }
  }
}

// MARK: - what a body says

extension Redaction {
  /// All strings of a JSON text that are values, each with the name of the member that it belongs to.
  static func members(json: UnsafeRawBufferPointer) -> [(String, [UInt8])] {
    var members: [(String, [UInt8])] = []
    var name = ""
    var rest = json
    while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
      var value: [UInt8] = []
      var index = quote + 1
      while index < rest.count, rest[index] != UInt8(ascii: "\"") {
        // Escapes other than those of quotes and slashes stand for characters that no password has.
        if rest[index] == UInt8(ascii: "\\"), index + 1 < rest.count { index += 1 }
        value.append(rest[index])
        index += 1
      }
      rest = rest.part(min(index + 1, rest.count)..<rest.count)
      if rest.first == UInt8(ascii: ":") { name = value.withUnsafeBytes { $0.text } } else { members.append((name, value)) }
    }
    return members
  }

  /// The values of a form, each with its escapes and without them.
  static func members(form: UnsafeRawBufferPointer) -> [(String, [UInt8])] {
    form.text.split(separator: "&").flatMap { member in
      let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let value = parts.count > 1 ? parts[1] : ""
      return [(parts[0], Array(value.utf8)), (parts[0], decoded(value))]
    }
  }

  private static func decoded(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Substring(text)
    while let first = rest.utf8.first {
      if first == UInt8(ascii: "%"), let byte = UInt8(rest.dropFirst().prefix(2), radix: 16) {
        result.append(byte)
        rest = rest.dropFirst(3)
      } else {
        result.append(first)
        rest = Substring(rest.utf8.dropFirst())
      }
    }
    return result
  }
}

extension AWSRequest {
  /// A text from the response without what this request has sent.
  func withholding(_ text: String) -> String { Redaction(self, credentials: nil).clean(text) }
}

extension Service {
  fileprivate var isQuery: Bool { if case .query = wireProtocol { true } else { false } }
}
