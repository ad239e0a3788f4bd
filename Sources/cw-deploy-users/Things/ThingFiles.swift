internal import AWS
internal import Config
internal import Unix

/// The key and the certificate of each machine, in files beside its configuration: `ID.key` and `ID.pem`.
struct ThingFiles {
  let folder: DeviceFolder

  /// Which files of a machine are there.
  enum Stored: Equatable {
    case nothing
    /// A key without a stored certificate: it gets a new one.
    case key
    /// Both; the certificate by its id in IoT.
    case both(certificate: String)
    /// The key is on the machine already, and was removed here; or it is lost.
    case certificateAlone(String)
  }

  /// - Throws: a `Failure` if a file cannot be used, or other users can read the key.
  func stored(_ id: String) throws -> Stored {
    let certificatePath = folder.file(id, "pem")
    let certificate = folder.has(id, "pem") ? try read(certificatePath) : nil
    guard folder.has(id, "key") else {
      return try certificate.map { .certificateAlone(try X509Identity.fingerprint($0, name: certificatePath)) } ?? .nothing
    }
    let key = try key(id)
    guard let certificate else {
      _ = try CertificateRequest(key, name: folder.file(id, "key"))
      return .key
    }
    return .both(certificate: try identity(id, certificate, key).fingerprint)
  }

  func makeKey(_ id: String) throws {
    try CertificateRequest().withKey { try folder.write($0, id, "key") }
  }

  /// Renames the key and certificate that are there, to make room for new ones.
  func setAside(_ id: String) throws { for suffix in ["key", "pem"] where folder.has(id, suffix) { try folder.setAside(id, suffix) } }

  func request(_ id: String) throws -> String {
    try CertificateRequest(key(id), name: folder.file(id, "key")).text(commonName: id)
  }

  /// Stores a certificate of the key that is there.
  /// - Throws: `X509Error` if it is not one.
  func keep(_ id: String, certificate: String) throws {
    let certificate = Array(certificate.utf8)
    _ = try identity(id, certificate, key(id))
    try certificate.withUnsafeBytes { try folder.write($0, id, "pem") }
  }

  private func key(_ id: String) throws -> [UInt8] { try SecretFile.read(folder.file(id, "key"), holds: "a private key").bytes }

  private func identity(_ id: String, _ certificate: [UInt8], _ key: [UInt8]) throws -> X509Identity {
    try X509Identity([(folder.file(id, "pem"), certificate), (folder.file(id, "key"), key)])
  }

  private func read(_ path: String) throws -> [UInt8] { try translating({ ConfigurationError($0.message) }) { try TextFile.read(path) } }
}
