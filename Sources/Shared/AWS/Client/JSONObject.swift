internal import FoundationEssentials

/// JSON answers, as far as they must be looked at before anybody asks for their members.
enum JSONObject {
  private struct Anything: Decodable {
    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Key.self) }
  }

  /// Whether the bytes are one whole JSON object.
  static func isComplete(_ bytes: [UInt8]) -> Bool {
    bytes == Array("{}".utf8) || JSONDecoder().value(Anything.self, from: bytes) != nil
  }
}
