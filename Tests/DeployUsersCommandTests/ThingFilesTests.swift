import Config
import AWS
import TestSupport
import Testing
import Unix

@testable import DeployUsersCommand

@Suite struct ThingFilesTests {
  private let folder: TemporaryFolder
  private let files: ThingFiles
  private let authority = TestAuthority()

  init() throws {
    folder = try TemporaryFolder()
    files = ThingFiles(folder: DeviceFolder(path: folder.path))
  }

  @Test func keysAreForTheirOwnerAloneAndStay() throws {
    #expect(try files.stored("x-1") == .nothing)
    try files.makeKey("x-1")
    #expect(try files.stored("x-1") == .key)
    let certificate = try #require(authority.certificate(files.request("x-1")))
    try files.keep("x-1", certificate: certificate)
    let name = try X509Identity.fingerprint(Array(certificate.utf8), name: "")
    #expect(try files.stored("x-1") == .both(certificate: name))
    for suffix in ["key", "pem"] {
      var status = stat()
      #expect(lstat(files.folder.file("x-1", suffix), &status) == 0 && status.st_mode & 0o7777 == 0o600)
    }
    try folder.remove("x-1.key")
    #expect(try files.stored("x-1") == .certificateAlone(name))
  }

  @Test func whatCannotBeUsedIsSaid() throws {
    try files.makeKey("x-1")
    try files.makeKey("y-2")
    let certificate = try #require(authority.certificate(files.request("x-1")))
    #expect(throws: X509Error.self) { try files.keep("y-2", certificate: certificate) }
    #expect(try files.stored("y-2") == .key)
    chmod(files.folder.file("x-1", "key"), 0o644)
    let error = thrown(ConfigurationError.self) { _ = try files.stored("x-1") }
    let path = folder.file("x-1.key")
    #expect(error?.message == "\(path): holds a private key, and its mode 644 lets others at it; chmod 600 \(path)")
    try folder.overwrite("z-3.pem", "no certificate")
    #expect(throws: X509Error.noCertificate(folder.file("z-3.pem"))) { try files.stored("z-3") }
    try folder.overwrite("z-4.key", "no key")
    chmod(folder.file("z-4.key"), 0o600)
    #expect(throws: X509Error.noKey(folder.file("z-4.key"))) { try files.stored("z-4") }
    try folder.makeFolder("z-5.key")
    #expect(throws: ConfigurationError.self) { try files.stored("z-5") }
  }

  @Test func whatAKilledRunHasLeftIsReplaced() throws {
    try folder.overwrite("x-1.key.new", "half a ke")
    try files.makeKey("x-1")
    #expect(try files.stored("x-1") == .key)
    #expect(access(folder.file("x-1.key.new"), F_OK) != 0)
  }
}
