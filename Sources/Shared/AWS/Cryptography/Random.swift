internal import COpenSSL

package enum Random {
  /// Unpredictable bytes from libcrypto's generator, which the kernel seeds.
  /// - Throws: `LibcryptoError`.
  package static func bytes(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else { throw LibcryptoError("make random numbers") }
    return bytes
  }
}

extension [UInt8] {
  /// Compares in a time that does not depend on where the two differ, only on their length.
  package func isEqualInConstantTime(to other: [UInt8]) -> Bool {
    count == other.count && CRYPTO_memcmp(self, other, count) == 0
  }
}
