import FoundationEssentials
import TestSupport
import Testing

@testable import AWS

@Suite struct SRPTests {
  /// A value of one of the vectors.
  struct Vector: CustomTestStringConvertible {
    let value: JSONValue
    var testDescription: String { value["label"]?.string ?? "" }

    func input(_ name: String) -> String { value["inputs"]?[name]?.string ?? "" }
    func output(_ name: String) -> String? { value["outputs"]?[name]?.string }
    var poolName: String { String(input("pool_id").split(separator: "_", maxSplits: 1).last ?? "") }

    func challenge() throws -> SRPClient.Challenge {
      SRPClient.Challenge(
        salt: input("SALT"), publicValue: input("SRP_B"), secretBlock: Array(try #require(Data(base64Encoded: input("SECRET_BLOCK")))),
        userId: input("user_id_for_srp"))
    }
  }

  private static func vectors() throws -> [Vector] {
    let all = try JSONValue(fixture("cognito/srp-vectors.json"))["vectors"]?.elements.map(Vector.init) ?? []
    #expect(all.count == 15)
    return all
  }

  private static let password = "Tr0ub4dor&3-cw-publisher"

  @Test(arguments: try vectors())
  func answersAsTheVectorsDo(_ vector: Vector) throws {
    let client = try SRPClient(privateExponent: vector.input("a_hex"))
    #expect(client.publicValue == vector.output("SRP_A"))
    let challenge = try vector.challenge()
    let secrets = try client.secrets(challenge, poolName: vector.poolName, password: vector.input("password"))
    let k = try SRPClient.Group().k
    for (name, number) in [("k_hex", k), ("u_hex", secrets.u), ("x_hex", secrets.x), ("S_hex", secrets.s)] {
      #expect(try number.digits == vector.output(name)?.withoutZeros, "\(name)")
    }
    #expect(secrets.key.published.hex == vector.output("hkdf_key_hex"))
    let signature = try client.passwordClaimSignature(
      challenge, poolName: vector.poolName, password: vector.input("password"), timestamp: #require(vector.output("TIMESTAMP")))
    #expect(signature == vector.output("PASSWORD_CLAIM_SIGNATURE"))
  }

  // Not in the macro: a closure there makes the compiler of Swift 6.0.3 crash.
  static func vectorsWithSecret() throws -> [Vector] { try vectors().filter { $0.output("SECRET_HASH_initiate") != nil } }

  @Test(arguments: try vectorsWithSecret())
  func secretHash(_ vector: Vector) {
    for (user, output) in [("username", "SECRET_HASH_initiate"), ("user_id_for_srp", "SECRET_HASH_respond")] {
      let hash = SecretHash.base64(
        username: vector.input(user), clientId: vector.input("client_id"), clientSecret: vector.input("client_secret"))
      #expect(hash == vector.output(output))
    }
  }

  @Test func upperCaseIsTheSameNumber() throws {
    let vector = try #require(try Self.vectors().first)
    var challenge = try vector.challenge()
    challenge.salt = challenge.salt.uppercased()
    challenge.publicValue = "00" + challenge.publicValue.uppercased()
    let signature = try SRPClient(privateExponent: vector.input("a_hex").uppercased()).passwordClaimSignature(
      challenge, poolName: vector.poolName, password: vector.input("password"), timestamp: #require(vector.output("TIMESTAMP")))
    #expect(signature == vector.output("PASSWORD_CLAIM_SIGNATURE"))
  }

  /// Both sides come to one secret: the service's is (A v^u)^b.
  @Test func aRandomExponentAgreesWithTheService() throws {
    let group = try SRPClient.Group()
    let client = try SRPClient()
    #expect(try SRPClient().publicValue != client.publicValue)
    let b = try BigNumber.random(bits: 512)
    var challenge = SRPClient.Challenge(salt: "a1", publicValue: "2", secretBlock: [], userId: "user")
    // x depends on nothing that the service chooses later.
    let x = try client.secrets(challenge, poolName: "Pool", password: Self.password).x
    let verifier = try group.g.power(x, modulo: group.n)
    challenge.publicValue =
      try group.k.times(verifier).plus(group.g.power(b, modulo: group.n)).remainder(modulo: group.n).digits
    let secrets = try client.secrets(challenge, poolName: "Pool", password: Self.password)
    let a = try #require(try BigNumber.parse(hex: client.publicValue, limit: 1024))
    let service = try a.times(verifier.power(secrets.u, modulo: group.n), modulo: group.n).power(b, modulo: group.n)
    #expect(try secrets.s.digits == service.digits)
  }

  @Test(
    arguments: [
      ("", "2", .malformed("SALT")), ("xyz", "2", .malformed("SALT")), ("-1", "2", .malformed("SALT")),
      ("0x1", "2", .malformed("SALT")), ("１", "2", .malformed("SALT")), ("1\0", "2", .malformed("SALT")),
      (String(repeating: "f", count: 1025), "2", .malformed("SALT")),
      ("1", "", .malformed("SRP_B")), ("1", " 2", .malformed("SRP_B")), ("1", "-2", .malformed("SRP_B")),
      ("1", String(repeating: "0", count: 1025), .malformed("SRP_B")),
      ("1", "0", .zero("SRP_B")), ("1", "000", .zero("SRP_B")), ("1", "n", .zero("SRP_B")), ("1", "2n", .zero("SRP_B")),
    ] as [(String, String, SRPError)])
  func refusesWhatNoServiceSends(_ salt: String, _ publicValue: String, _ error: SRPError) throws {
    let n = try SRPClient.Group().n
    let multiples = ["n": try n.digits, "2n": try n.plus(n).digits]
    let challenge = SRPClient.Challenge(
      salt: salt, publicValue: multiples[publicValue] ?? publicValue, secretBlock: [], userId: "user")
    let client = try SRPClient(privateExponent: "5")
    #expect(throws: error) { try client.passwordClaimSignature(challenge, poolName: "", password: "", timestamp: "") }
    #expect(!error.message.contains("\n"))
  }

  @Test func refusesAHashOfZero() throws {
    let (zero, one) = (try BigNumber(0), try BigNumber(1))
    let group = try SRPClient.Group()
    #expect(throws: SRPError.zero("the hash of SRP_A and SRP_B")) { try SRPClient.secrets(group, a: one, b: one, u: zero, x: one) }
  }

  @Test(arguments: ["", "0", "g", "-1"])
  func refusesAnExponentThatIsNone(_ exponent: String) {
    #expect(throws: SRPError.malformed("the private exponent")) { try SRPClient(privateExponent: exponent) }
  }

  @Test(arguments: [("0", "00"), ("7f", "7f"), ("80", "0080"), ("0ff", "00ff"), ("7fff", "7fff"), ("8000", "008000"), ("00001", "01")])
  func numbersAreWrittenAsTheShortestTwosComplement(_ hex: String, _ written: String) throws {
    #expect(try BigNumber.parse(hex: hex, limit: 8)?.bytes.published.hex == written)
  }
}

extension BigNumber {
  /// Hexadecimal without zeros in front.
  fileprivate var digits: String { get throws { try bytes.published.hex.withoutZeros } }
}

extension String {
  fileprivate var withoutZeros: String { String(drop { $0 == "0" }) }
}
