@testable import AWS
import TestSupport
import Unix

/// A source that answers as a test wants it to, and a machine with a clock of its own.
final class Machine {
  let folder: TemporaryFolder
  var now: Int64 = 1_800_000_000_000
  var lifetime: Int64? = 3_600_000
  var serviceClock: Int64?
  /// What the source throws instead of minting.
  var failure: (any Error)?
  var inputs: [String] = []
  var identity: String? = "test\nuser"
  var isCached = true
  private(set) var mints = 0
  private(set) var warnings: [String] = []
  /// Called in the midst of an attempt.
  var minting: (inout [String: String]) -> Void = { _ in }
  /// What is wrong with what it mints.
  var altering: (inout AWSCredentials) -> Void = { _ in }
  /// Called when somebody waits.
  var pausing: (Int64) -> Void = { _ in }

  init() throws { folder = try TemporaryFolder() }

  struct Provider: CredentialsProvider {
    let machine: Machine
    let name = "the test user"
    var identity: String? { machine.identity }
    var inputs: [String] { machine.inputs }
    func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials { try machine.retrieve(&memory) }
  }

  var cachePath: String { folder.file("state/credentials") }

  /// The names of what lies in it; of another folder, if it is a link.
  var cacheFiles: [String] {
    guard let stream = opendir(cachePath) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in bytes.part(0..<(bytes.firstIndex(of: 0) ?? bytes.count)).text }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  var cache: CredentialsCache { CredentialsCache(cachePath) { [unowned self] in warnings.append($0) } }

  /// Another process.
  func process() throws -> CachingCredentialsResolver {
    let provider = Provider(machine: self)
    return try CachingCredentialsResolver(
      { provider }, cache: isCached ? cache : nil, now: { [unowned self] in now }, pause: { [unowned self] in pausing($0) },
      serviceClock: { [unowned self] in serviceClock }, warn: { [unowned self] in warnings.append($0) })
  }

  /// The number of the credentials that another process gets.
  func get(besides refused: AWSCredentials? = nil) throws -> String { try process().credentials(besides: refused).accessKeyId }

  private func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    mints += 1
    let number = mints
    minting(&memory)
    if let failure { throw failure }
    var retrieved = Self.credentials(number, expiration: lifetime.map { now + (serviceClock ?? 0) + $0 })
    altering(&retrieved)
    return retrieved
  }

  static func credentials(_ number: Int, expiration: Int64?) -> AWSCredentials {
    AWSCredentials(
      accessKeyId: "AKID\(number)", secretAccessKey: "secret/+=\(number)", sessionToken: "token\(number)", expiration: expiration,
      accountId: "123456789012")
  }
}

let refusal = CredentialsError("NotAuthorizedException: Incorrect username or password.", .refused)
let outage = CredentialsError("no route to cognito-idp", .unavailable)
