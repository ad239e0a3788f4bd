internal import Unix

extension MetricRecord.Dimension {
  /// CloudWatch takes printable ASCII that is not only spaces and does not begin with a colon, and no more than 1,024 characters of it.
  /// What else there is in a value (mount points, names of hosts and networks) is percent-encoded as in a URL, and then the percent sign
  /// is, too; most values stay as they are.
  package init(encoding name: String, _ value: some Sequence<UInt8>) {
    self.init(name: name, value: Self.encoded(Array(value)))
  }

  /// The same of a text.
  package init(encoding name: String, _ value: String) { self.init(encoding: name, value.utf8) }

  private static func encoded(_ bytes: [UInt8]) -> String {
    let isBlank = bytes.allSatisfy { $0 == 0x20 }
    if !isBlank, bytes.count <= limit, bytes.first != colon, bytes.allSatisfy({ (0x20...0x7E).contains($0) }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var result: [UInt8] = []
    for (offset, byte) in bytes.enumerated() {
      let isPlain = (0x20...0x7E).contains(byte) && byte != percent && !isBlank && !(offset == 0 && byte == colon)
      let next = isPlain ? [byte] : [percent, hexadecimal(byte >> 4), hexadecimal(byte & 15)]
      if result.count + next.count > limit { break }
      result += next
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10 }

  private static let colon = UInt8(ascii: ":")
  private static let percent = UInt8(ascii: "%")
  private static let limit = 1024
}
