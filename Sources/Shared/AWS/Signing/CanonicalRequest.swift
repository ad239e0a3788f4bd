/// The form of a request that is signed (IAM User Guide, "Create a signed AWS API request", step 1).
struct CanonicalRequest {
  /// Lower-case header names, sorted, joined with `;`.
  let signedHeaders: String
  let text: String

  /// - Parameters:
  ///   - path: as on the wire, with what percent escapes it has.
  ///   - query: names and values before encoding, in any order.
  ///   - headers: all of these are signed.
  ///   - payloadHash: SHA-256 of the body as it is sent, in hexadecimal.
  init(
    method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)],
    payloadHash: String
  ) {
    var values: [String: [String]] = [:]
    for header in headers { values[header.name.lowercased(), default: []].append(Self.trimmed(header.value)) }
    let names = values.keys.sorted()
    signedHeaders = names.joined(separator: ";")
    let lines = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }
    text = [
      method, Self.canonicalPath(path), Self.canonicalQuery(query), lines.joined(), signedHeaders, payloadHash,
    ].joined(separator: "\n")
  }

  /// Dot segments and double slashes are resolved, then every segment is encoded (once more, if it was already).
  static func canonicalPath(_ path: String) -> String {
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
    let joined = segments.map { encoded(String($0)) }.joined(separator: "/")
    return joined.isEmpty ? "/" : "/\(joined)" + (isFolder ? "/" : "")
  }

  static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
    let pairs: [(String, String)] = query.map { (encoded($0.name), encoded($0.value)) }
    return pairs.sorted(by: <).map { "\($0)=\($1)" }.joined(separator: "&")
  }

  /// Percent-encoding of all but RFC 3986's unreserved characters.
  static func encoded(_ text: String) -> String {
    let bytes = text.utf8.flatMap { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): [byte]
      default: Array("%\([byte].hex.uppercased())".utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // Outer space goes, inner runs of spaces become one.
  private static func trimmed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }
}
