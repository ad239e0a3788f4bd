package import FoundationEssentials
internal import Records
internal import Unix

extension JSONDecoder {
  /// The value in JSON that comes from outside; nil if it is none.
  ///
  /// `decode` of Swift 6.0 ends the program over the name of a member that is no good string, so strings are looked at before.
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
}
