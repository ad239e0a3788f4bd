import Testing
import TestSupport
import Unix
@testable import AWS

@Suite struct CredentialsCacheTests {
  let machine: Machine

  init() throws { machine = try Machine() }

  private func status(_ path: String) throws -> stat {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return status
  }

  @Test func whatItMakesIsItsOwners() throws {
    #expect(try machine.get() == "AKID1")
    #expect(try status(machine.folder.file("state")).st_mode & 0o7777 == 0o700)
    #expect(try status(machine.cachePath).st_mode & 0o7777 == 0o700)
    let names = machine.cacheFiles
    #expect(names.map { $0.split(separator: ".").last } == ["json", "lock"])
    for name in names {
      #expect(name.utf8.count == 64 + 5)
      #expect(try status("\(machine.cachePath)/\(name)").st_mode & 0o7777 == 0o600)
    }
    #expect(machine.warnings.isEmpty)
  }

  @Test func anotherIdentityIsAnotherFile() throws {
    #expect(try machine.get() == "AKID1")
    machine.identity = "another"
    #expect(try machine.get() == "AKID2")
    #expect(try machine.get() == "AKID2")
    machine.identity = "test\nuser"
    #expect(try machine.get() == "AKID1")
    #expect(machine.cacheFiles.count == 4)
  }

  /// What stands where the cache should be.
  enum Obstacle { case link, file, groupWrites, allWrite, fileAbove }

  @Test(
    arguments: [
      (.link, "is a symbolic link or no directory; remove it, or name another state directory"),
      (.file, "is a symbolic link or no directory; remove it, or name another state directory"),
      (.groupWrites, "may be written to by others; take that away from them (chmod go-w)"),
      (.allWrite, "may be written to by others; take that away from them (chmod go-w)"), (.fileAbove, "cannot"),
    ] as [(Obstacle, String)])
  func aFolderThatIsNotUsed(_ obstacle: Obstacle, _ said: String) throws {
    if obstacle == .fileAbove { try machine.folder.append("state", "x") } else { try machine.folder.makeFolder("state") }
    switch obstacle {
    case .link:
      try machine.folder.makeFolder("elsewhere")
      try machine.folder.link("state/credentials", to: "elsewhere")
    case .file: try machine.folder.append("state/credentials", "x")
    case .groupWrites, .allWrite:
      try machine.folder.makeFolder("state/credentials")
      chmod(machine.cachePath, obstacle == .allWrite ? 0o1777 : 0o770)
    case .fileAbove: break
    }
    let process = try machine.process()
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID1")
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID1")
    machine.now += 3_600_000
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID2")
    // Said once, not with every look.
    #expect(machine.warnings.count == 1)
    #expect(machine.warnings.first?.hasPrefix("credentials are not shared with other processes: ") == true)
    #expect(machine.warnings.first?.contains(said) == true, "\(machine.warnings)")
    #expect(machine.cacheFiles.isEmpty)
  }

  @Test(
    arguments: [
      (1000, 1000, 0o700, true), (1000, 1000, 0o755, true), (1000, 1000, 0o770, false), (1000, 1000, 0o702, false),
      (1001, 1000, 0o700, false), (0, 1000, 0o700, false), (1000, 0, 0o700, true), (1000, 0, 0o720, false), (0, 0, 0o700, true),
    ] as [(uid_t, uid_t, mode_t, Bool)])
  func whoseFolderIsUsed(_ owner: uid_t, _ user: uid_t, _ mode: mode_t, _ isUsed: Bool) {
    var status = stat()
    status.st_uid = owner
    status.st_mode = S_IFDIR | mode
    #expect((CredentialsCache.trustError(to: status, user: user) == nil) == isUsed)
  }

  @Test func itIsFoundAgainWhenItWasRemoved() throws {
    let process = try machine.process()
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID1")
    try machine.folder.rename("state", to: "gone")
    machine.now += 3_600_000
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID2")
    #expect(try machine.get() == "AKID2")
    #expect(machine.warnings.isEmpty)
  }

  @Test func aSlashAtTheEndDoesNotLeadThroughALink() throws {
    try machine.folder.makeFolder("elsewhere")
    try machine.folder.link("link", to: "elsewhere")
    var warnings: [String] = []
    let cache = CredentialsCache(machine.folder.file("link") + "//") { warnings.append($0) }
    #expect(cache.file(of: "x") == nil)
    #expect(warnings.count == 1)
  }

  // MARK: - an administrator

  private static let service: uid_t = 65_534

  @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
  func whatRootMakesForAServiceIsTheServices() throws {
    #expect(chown(machine.folder.path, Self.service, Self.service) == 0)
    #expect(try machine.get() == "AKID1")
    #expect(try machine.get() == "AKID1")
    let all = ["state", "state/credentials"] + machine.cacheFiles.map { "state/credentials/\($0)" }
    #expect(all.count == 4)
    for name in all {
      let status = try status(machine.folder.file(name))
      #expect(status.st_uid == Self.service)
      #expect(status.st_gid == Self.service)
      #expect(status.st_mode & 0o077 == 0)
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root gives files away"))
  func whatLiesInAServicesFolderAndIsNotTheServicesIsNotBelieved() throws {
    #expect(try machine.get() == "AKID1")
    #expect(chown(machine.cachePath, Self.service, Self.service) == 0)
    #expect(try machine.get() == "AKID2")
    #expect(try machine.get() == "AKID2")
  }
}
