internal import Unix

/// The head of a request, as far as it matters to a server with a single secret.
///
/// It is parsed strictly: what two parsers could understand differently (RFC 9112 §11) is refused.
struct ServerRequest: Equatable {
  var method: String
  /// As it was sent, nothing decoded.
  var target: String
  /// Nil only with HTTP/1.0.
  var host: String?
  var authorization: String?
  /// Whether there is an Origin field, as in a browser's request for some page.
  var hasOrigin = false

  enum Refusal: Error, Equatable {
    case malformed, tooLarge, version
  }

  enum Verdict: Equatable {
    /// The head is valid so far, and goes on.
    case incomplete
    /// The head is complete. What follows is ignored: requests have no body, and a connection has one request.
    case request(ServerRequest)
    case refused(Refusal)
  }

  /// The longest head in bytes. A token and what SDKs add are a tenth of it.
  static let maximumLength = 8192

  /// Parses the first bytes of a connection. A refusal does not wait for the rest.
  static func parse(_ bytes: UnsafeRawBufferPointer) -> Verdict {
    let bytes = bytes.part(0..<min(bytes.count, maximumLength))
    var head = Head()
    var start = 0
    while let lineFeed = bytes.firstIndex(of: 0x0A, from: start) {
      guard lineFeed > start, bytes[lineFeed - 1] == 0x0D else { return .refused(.malformed) }
      let line = bytes.part(start..<lineFeed - 1)
      start = lineFeed + 1
      if line.isEmpty, head.hasBegun { return head.verdict }
      if let refusal = head.take(line) { return .refused(refusal) }
    }
    // A carriage return at the very end may yet get its line feed.
    let rest = bytes.part(start..<bytes.count)
    guard isText(rest.last == 0x0D ? rest.part(0..<rest.count - 1) : rest) else { return .refused(.malformed) }
    return bytes.count < maximumLength ? .incomplete : .refused(.tooLarge)
  }

  // The tab is the only control byte.
  private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }

  /// What the lines so far have told.
  private struct Head {
    private var method = ""
    private var target = ""
    private var isOld = false
    private(set) var hasBegun = false
    private var values: [String: String] = [:]

    /// The fields that matter. None of them may be repeated.
    private static let names: Set<String> = ["authorization", "content-length", "host", "origin", "transfer-encoding"]

    mutating func take(_ line: UnsafeRawBufferPointer) -> Refusal? {
      guard isText(line) else { return .malformed }
      return hasBegun ? takeField(line) : takeRequestLine(line)
    }

    private mutating func takeRequestLine(_ line: UnsafeRawBufferPointer) -> Refusal? {
      let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
      guard words.count == 3, isToken(words[0]), !words[1].isEmpty, words[1].allSatisfy({ (0x21...0x7E).contains($0) }) else {
        return .malformed
      }
      method = String(decoding: words[0], as: UTF8.self)
      target = String(decoding: words[1], as: UTF8.self)
      let version = String(decoding: words[2], as: UTF8.self)
      guard version.hasPrefix("HTTP/") else { return .malformed }
      guard version == "HTTP/1.1" || version == "HTTP/1.0" else { return .version }
      isOld = version == "HTTP/1.0"
      hasBegun = true
      return nil
    }

    // There is no space before the colon, and no continuation line.
    private mutating func takeField(_ line: UnsafeRawBufferPointer) -> Refusal? {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), isToken(line[0..<colon]) else { return .malformed }
      let name = line.part(0..<colon).text.lowercased()
      guard Self.names.contains(name) else { return nil }
      if values[name] != nil { return .malformed }
      values[name] = String(decoding: line.part(colon + 1..<line.count).trimmed { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
      return nil
    }

    var verdict: Verdict {
      let hasBody = values["transfer-encoding"] != nil || values["content-length"].map { $0 != "0" } ?? false
      if hasBody || values["host"] == nil && !isOld { return .refused(.malformed) }
      return .request(
        ServerRequest(
          method: method, target: target, host: values["host"], authorization: values["authorization"], hasOrigin: values["origin"] != nil))
    }
  }
}

/// `tchar` of RFC 9110 §5.6.2, at least one.
private func isToken(_ bytes: some Collection<UInt8>) -> Bool {
  !bytes.isEmpty
    && bytes.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
    }
}
