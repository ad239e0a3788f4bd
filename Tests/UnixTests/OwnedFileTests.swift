import TestSupport
import Testing

@testable import Unix

@Suite struct OwnedFileTests {
  let folder: TemporaryFolder
  private let somebody: uid_t = 54_321

  init() throws { folder = try TemporaryFolder() }

  private func make(_ name: String, owner: uid_t? = nil) throws -> String {
    let path = folder.file(name)
    close(try OwnedFile.open(path, O_WRONLY | O_CREAT))
    if let owner { #expect(lchown(path, owner, owner) == 0) }
    return path
  }

  @Test func makesAFileForItsOwnerAlone() throws {
    var status = stat()
    #expect(stat(try make("a"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(status.st_uid == geteuid())
  }

  @Test func followsNoLink() throws {
    let target = try make("target")
    let link = folder.file("link")
    #expect(symlink(target, link) == 0)
    for flags in [O_RDONLY, O_RDWR, O_WRONLY | O_CREAT] {
      #expect(throws: SystemError.self) { try OwnedFile.open(link, flags) }
    }
    close(try OwnedFile.open(link, O_RDONLY, followsOwnLinks: true))
  }

  @Test func doesNotWaitForTheOtherEndOfAFIFO() throws {
    let path = folder.file("fifo")
    #expect(mkfifo(path, 0o600) == 0)
    #expect(throws: SystemError.self) { try OwnedFile.open(path, O_WRONLY) }
  }

  // Only root can make a file of another user.
  @Test(.enabled(if: geteuid() == 0)) func rootWritesNothingThatIsSomebodyElses() throws {
    let path = try make("theirs", owner: somebody)
    #expect(throws: OwnedFile.OwnershipError(path: path, owner: somebody)) { try OwnedFile.open(path, O_WRONLY | O_APPEND | O_CREAT) }
    close(try OwnedFile.open(path, O_RDONLY))
  }

  @Test(.enabled(if: geteuid() == 0)) func rootWritesNothingBelowADirectoryOfSomebodyElse() throws {
    let theirs = folder.file("home")
    #expect(mkdir(theirs, 0o755) == 0 && mkdir("\(theirs)/state", 0o755) == 0)
    #expect(chown(theirs, somebody, somebody) == 0)
    #expect(throws: OwnedFile.OwnershipError(path: theirs, owner: somebody)) {
      try OwnedFile.open("\(theirs)/state/new", O_WRONLY | O_CREAT)
    }
    #expect(access("\(theirs)/state/new", F_OK) != 0)
    // Nor by a link of ours that leads there, nor by a link of his that leads to us.
    let link = folder.file("link")
    #expect(symlink(theirs, link) == 0)
    #expect(throws: OwnedFile.OwnershipError.self) { try OwnedFile.open("\(link)/state/new", O_WRONLY | O_CREAT) }
    #expect(mkdir(folder.file("ours"), 0o755) == 0 && symlink("../ours", "\(theirs)/way") == 0)
    #expect(throws: OwnedFile.OwnershipError.self) { try OwnedFile.open("\(theirs)/way/new", O_WRONLY | O_CREAT) }
    #expect(access(folder.file("ours/new"), F_OK) != 0)
  }

  @Test(.enabled(if: geteuid() == 0)) func aLinkOfSomebodyElseIsNotFollowed() throws {
    let target = try make("target")
    let link = folder.file("link")
    #expect(symlink(target, link) == 0 && lchown(link, somebody, somebody) == 0)
    #expect(throws: (any Error).self) { try OwnedFile.open(link, O_WRONLY, followsOwnLinks: true) }
  }
}
