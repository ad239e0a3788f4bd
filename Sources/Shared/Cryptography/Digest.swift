internal import COpenSSL

/// SHA-256 (FIPS 180-4) by libcrypto, which is seven times faster than a portable one where the processor helps.
package enum SHA256 {
  package static let length = 32

  package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    _ = COpenSSL.SHA256(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &digest)
    return digest
  }

  package static func hash(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }
}

/// HMAC-SHA256 (RFC 2104).
package enum HMAC {
  package static func sha256(key: [UInt8], _ message: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: SHA256.length)
    var length: UInt32 = 0
    let message = Array(message.utf8)
    _ = COpenSSL.HMAC(EVP_sha256(), key, Int32(clamping: key.count), message, message.count, &digest, &length)
    return digest
  }
}

extension [UInt8] {
  /// Lower-case hexadecimal.
  package var hex: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
