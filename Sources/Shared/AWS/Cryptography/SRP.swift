internal import Unix

/// The client's half of SRP-6a as Amazon Cognito speaks it: proves knowledge of the password without sending it.
///
/// RFC 5054's 3072-bit group and SHA-256, but numbers are hashed as the shortest two's complement (not padded to the group's
/// length), the user is called `poolName + userId`, and the key comes from HKDF (RFC 5869) with u as its salt.
struct SRPClient {
  /// A = g^a, as `SRP_A`.
  let publicValue: String
  private let a: BigNumber
  private let publicNumber: BigNumber

  /// - Parameter privateExponent: a in hexadecimal; nil: a random number of 1,024 bits, as in Amazon's own clients.
  init(privateExponent: String? = nil) throws {
    if let privateExponent {
      guard let given = try BigNumber.parse(hex: privateExponent, limit: Group.digits), !given.isZero else {
        throw SRPError.malformed("the private exponent")
      }
      a = given
    } else {
      a = try .random(bits: 1024)
    }
    let group = try Group()
    publicNumber = try group.g.power(a, modulo: group.n)
    publicValue = try String(publicNumber.bytes.published.hex.drop { $0 == "0" })
  }

  /// The service's response to `SRP_A`, unchanged.
  struct Challenge {
    /// `SALT`, in hexadecimal.
    var salt: String
    /// `SRP_B`, in hexadecimal.
    var publicValue: String
    /// `SECRET_BLOCK`, decoded.
    var secretBlock: [UInt8]
    /// `USER_ID_FOR_SRP`.
    var userId: String
  }

  /// `PASSWORD_CLAIM_SIGNATURE`.
  /// - Parameters:
  ///   - poolName: the part of the user pool's id after the `_`.
  ///   - timestamp: the text that is sent as `TIMESTAMP`.
  /// - Throws: `SRPError` if no honest service can have sent this challenge.
  func passwordClaimSignature(
    _ challenge: Challenge, poolName: String, password: String, timestamp: String
  ) throws -> String {
    let key = try secrets(challenge, poolName: poolName, password: password).key
    return try HMAC.sha256(
      key: key, SecretBytes(poolName), SecretBytes(challenge.userId), SecretBytes(challenge.secretBlock), SecretBytes(timestamp)
    ).published.base64
  }

  /// What both sides know at the end; named as in RFC 5054.
  struct Secrets {
    let u: BigNumber
    let x: BigNumber
    let s: BigNumber
    let key: SecretBytes
  }

  func secrets(_ challenge: Challenge, poolName: String, password: String) throws -> Secrets {
    let group = try Group()
    guard let salt = try BigNumber.parse(hex: challenge.salt, limit: Group.digits) else { throw SRPError.malformed("SALT") }
    guard let b = try BigNumber.parse(hex: challenge.publicValue, limit: Group.digits) else { throw SRPError.malformed("SRP_B") }
    // A multiple of N would make the secret public (RFC 5054 §2.5.4).
    guard try !b.remainder(modulo: group.n).isZero else { throw SRPError.zero("SRP_B") }

    let u = try BigNumber(SHA256.hash(publicNumber.bytes, b.bytes))
    let identity = try SHA256.hash(SecretBytes(poolName), SecretBytes(challenge.userId), SecretBytes(":"), SecretBytes(password))
    let x = try BigNumber(SHA256.hash(salt.bytes, identity))
    return try Self.secrets(group, a: a, b: b, u: u, x: x)
  }

  static func secrets(_ group: Group, a: BigNumber, b: BigNumber, u: BigNumber, x: BigNumber) throws -> Secrets {
    guard !u.isZero else { throw SRPError.zero("the hash of SRP_A and SRP_B") }
    let verifier = try group.g.power(x, modulo: group.n)
    let base = try b.minus(group.k.times(verifier, modulo: group.n), modulo: group.n)
    let s = try base.power(a.plus(u.times(x)), modulo: group.n)
    let extracted = try HMAC.sha256(key: u.bytes, s.bytes)
    let expanded = try HMAC.sha256(key: extracted, SecretBytes("Caldera Derived Key"), SecretBytes([1]))
    return Secrets(u: u, x: x, s: s, key: expanded.prefix(16))
  }

  /// RFC 3526's group 15, with the multiplier k = H(N, g).
  struct Group {
    /// Hexadecimal digits: N has 768, and no honest number is longer. A few leading zeros are accepted.
    static let digits = 1024
    let n: BigNumber
    let g: BigNumber
    let k: BigNumber

    init() throws {
      guard let n = try BigNumber.parse(hex: Self.modulus, limit: Self.digits) else { throw SRPError.malformed("the group") }
      self.n = n
      g = try BigNumber(2)
      k = try BigNumber(SHA256.hash(n.bytes, g.bytes))
    }

    private static let modulus =
      "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd"
      + "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
      + "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f"
      + "83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b"
      + "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510"
      + "15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7"
      + "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c"
      + "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff"
  }
}

/// A challenge that no honest service sends.
enum SRPError: Failure, Equatable {
  /// This parameter is no hexadecimal number, or is far too long.
  case malformed(String)
  /// This number would reveal the password or the session.
  case zero(String)

  var message: String {
    switch self {
    case .malformed(let name):
      "the challenge cannot be answered: \(name) is no hexadecimal number of at most \(SRPClient.Group.digits) digits"
    case .zero(let name): "the challenge is not answered, since it would not protect the password: \(name) is zero"
    }
  }

  var status: ExitStatus { .unavailable }
}

/// `SECRET_HASH`, which an app client with a secret adds to its requests to Amazon Cognito.
enum SecretHash {
  /// - Parameter username: in `InitiateAuth` the name that is sent; in responses to challenges and with a refresh token the real name,
  ///   which the pool has told (`USER_ID_FOR_SRP`), not an alias.
  static func base64(username: String, clientId: String, clientSecret: String) -> String {
    HMAC.sha256(key: Array(clientSecret.utf8), username + clientId).base64
  }
}
