package import FoundationEssentials
internal import Records
internal import Unix

extension JSONDecoder {
  /// The value in JSON from outside; nil if the bytes are not JSON of this type.
  ///
  /// `decode` of Swift 6.0 traps on a member name that is not a valid string, so all strings are checked first.
  package func value<Value: Decodable>(_ type: Value.Type, from json: some ContiguousBytes) -> Value? {
    json.withUnsafeBytes { bytes in
      var offset = 0
      while let quote = bytes.firstIndex(of: UInt8(ascii: "\""), from: offset) {
        guard let string = JSONText.scan(bytes, from: quote + 1) else { return nil }
        offset = string.end + 1
      }
      return try? decode(type, from: Data(bytes))
    }
  }

  /// Whether the bytes are one whole JSON text.
  func isJSON(_ bytes: [UInt8]) -> Bool {
    struct Anything: Decodable {}
    return value(Anything.self, from: bytes) != nil
  }
}
