internal import COpenSSL

/// A natural number of any size (libcrypto's BIGNUM), whose memory is overwritten at the end.
///
/// Arithmetic makes new numbers. Exponentiation takes the same time for all exponents of one length.
final class BigNumber {
  private let pointer: OpaquePointer

  private init() throws {
    guard let number = BN_new() else { throw LibcryptoError("make a number") }
    pointer = number
  }

  deinit { BN_clear_free(pointer) }

  convenience init(_ small: UInt8) throws {
    try self.init()
    guard BN_set_word(pointer, .init(small)) == 1 else { throw LibcryptoError("make a number") }
  }

  /// - Parameter bytes: the most significant first.
  convenience init(_ bytes: SecretBytes) throws {
    try self.init()
    let done = bytes.read { BN_bin2bn($0.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(clamping: $0.count), pointer) }
    guard done != nil else { throw LibcryptoError("make a number") }
  }

  /// - Parameter hex: digits of either case, any number of them up to `limit`.
  /// - Returns: nil for anything else.
  static func parse(hex: String, limit: Int) throws -> BigNumber? {
    guard (1...limit).contains(hex.utf8.count), hex.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    let number = try BigNumber()
    var target: OpaquePointer? = number.pointer
    guard hex.withCString({ BN_hex2bn(&target, $0) }) > 0 else { throw LibcryptoError("make a number") }
    return number
  }

  /// A secret random number of exactly so many bits.
  static func random(bits: Int32) throws -> BigNumber {
    let number = try BigNumber()
    guard BN_priv_rand(number.pointer, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 else {
      throw LibcryptoError("make random numbers")
    }
    return number
  }

  var isZero: Bool { BN_is_zero(pointer) == 1 }

  /// The shortest two's complement, the most significant byte first: a zero byte stands in front where the top bit is set.
  var bytes: SecretBytes {
    get throws {
      try SecretBytes(count: Int(BN_num_bits(pointer)) / 8 + 1) {
        guard BN_bn2binpad(pointer, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32($0.count)) >= 0 else {
          throw LibcryptoError("write a number")
        }
      }
    }
  }

  func plus(_ other: BigNumber) throws -> BigNumber {
    try result("add") { result, _ in BN_add(result, pointer, other.pointer) }
  }

  func times(_ other: BigNumber) throws -> BigNumber {
    try result("multiply") { result, context in BN_mul(result, pointer, other.pointer, context) }
  }

  func times(_ other: BigNumber, modulo modulus: BigNumber) throws -> BigNumber {
    try result("multiply") { result, context in BN_mod_mul(result, pointer, other.pointer, modulus.pointer, context) }
  }

  /// Never negative.
  func minus(_ other: BigNumber, modulo modulus: BigNumber) throws -> BigNumber {
    try result("subtract") { result, context in BN_mod_sub(result, pointer, other.pointer, modulus.pointer, context) }
  }

  func remainder(modulo modulus: BigNumber) throws -> BigNumber {
    try result("divide") { result, context in BN_nnmod(result, pointer, modulus.pointer, context) }
  }

  /// - Parameter modulus: an odd number.
  func power(_ exponent: BigNumber, modulo modulus: BigNumber) throws -> BigNumber {
    try result("raise to a power") { result, context in
      BN_mod_exp_mont_consttime(result, pointer, exponent.pointer, modulus.pointer, context, nil)
    }
  }

  private func result(_ operation: String, _ compute: (OpaquePointer, OpaquePointer) -> Int32) throws -> BigNumber {
    guard let context = BN_CTX_secure_new() else { throw LibcryptoError(operation) }
    defer { BN_CTX_free(context) }
    let result = try BigNumber()
    guard compute(result.pointer, context) == 1 else { throw LibcryptoError(operation) }
    return result
  }
}
