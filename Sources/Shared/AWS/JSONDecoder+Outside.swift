package import FoundationEssentials

extension JSONDecoder {
  /// The value in JSON that comes from outside; nil if it is none, or no UTF-8, over which `decode` of Swift 6.0 ends the program.
  package func value<Value: Decodable>(_ type: Value.Type, from bytes: some Collection<UInt8>) -> Value? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.elementsEqual(bytes) else { return nil }
    return try? decode(type, from: Data(text.utf8))
  }
}
