internal import COpenSSL

/// SHA-256 (FIPS 180-4) by libcrypto, which is seven times faster than a portable one where the processor helps.
package enum SHA256 {
  /// Bytes of a hash.
  package static let length = 32

  /// The hash of bytes.
  package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: length)
    _ = COpenSSL.SHA256(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &digest)
    return digest
  }

  /// The hash of a text in UTF-8.
  package static func hash(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }

  /// The hash of secrets, one after the other.
  static func hash(_ parts: SecretBytes...) throws -> SecretBytes {
    let message = SecretBytes(joining: parts)
    return try SecretBytes(count: length) { digest in
      let done = message.read {
        EVP_Digest($0.baseAddress, $0.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil, EVP_sha256(), nil)
      }
      guard done == 1 else { throw LibcryptoError("hash") }
    }
  }
}

/// SHA-1 (FIPS 180-4), only for the names of files in which the AWS CLI caches logins.
enum SHA1 {
  static func hash(_ text: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    let text = Array(text.utf8)
    _ = COpenSSL.SHA1(text, text.count, &digest)
    return digest
  }
}

/// HMAC-SHA256 (RFC 2104).
enum HMAC {
  static func sha256(key: [UInt8], _ message: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: SHA256.length)
    var length: UInt32 = 0
    let message = Array(message.utf8)
    _ = COpenSSL.HMAC(EVP_sha256(), key, Int32(clamping: key.count), message, message.count, &digest, &length)
    return digest
  }

  /// The code of secrets, one after the other.
  static func sha256(key: SecretBytes, _ parts: SecretBytes...) throws -> SecretBytes {
    let message = SecretBytes(joining: parts)
    return try SecretBytes(count: SHA256.length) { digest in
      let done = key.read { key in
        message.read { message in
          COpenSSL.HMAC(
            EVP_sha256(), key.baseAddress, Int32(clamping: key.count), message.baseAddress?.assumingMemoryBound(to: UInt8.self),
            message.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
      }
      guard done != nil else { throw LibcryptoError("authenticate") }
    }
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

  /// Base64 in one line, with padding (RFC 4648 §4).
  package var base64: String {
    var text = [UInt8](repeating: 0, count: (count + 2) / 3 * 4 + 1)
    let length = EVP_EncodeBlock(&text, self, Int32(clamping: count))
    return String(decoding: text.prefix(Int(length)), as: UTF8.self)
  }

  /// The bytes of such a text; nil if it is none.
  init?(base64 text: String) {
    let (text, digits) = (Array<UInt8>(text.utf8), text.utf8.prefix { $0 != UInt8(ascii: "=") })
    let padding = text[digits.count...]
    self.init(repeating: 0, count: text.count / 4 * 3)
    // libcrypto takes space around it, and padding anywhere.
    guard text.count % 4 == 0, padding.elementsEqual("==".utf8.prefix(padding.count)), !digits.contains(where: { $0 <= 0x20 }),
      EVP_DecodeBlock(&self, text, Int32(clamping: text.count)) == count
    else { return nil }
    removeLast(padding.count)
  }
}
