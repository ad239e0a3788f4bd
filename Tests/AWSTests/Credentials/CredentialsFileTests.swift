import Testing
import TestSupport
import Unix
@testable import AWS

@Suite struct CredentialsFileTests {
  let machine: Machine

  init() throws { machine = try Machine() }

  private func file() throws -> CredentialsFile { try #require(machine.cache.file(of: "x")) }

  private func path(_ suffix: String) throws -> String {
    // Of SHA-256("x").
    "state/credentials/2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.\(suffix)"
  }

  private func kept(_ number: Int) -> CachedCredentials {
    var kept = CachedCredentials(identity: "x")
    kept.sequence = Int64(number)
    kept.credentials = Machine.credentials(number, expiration: nil)
    // Some pages, so that half of it could be there.
    kept.memory = ["refreshToken": String(repeating: "\(number % 10)", count: 20_000)]
    return kept
  }

  @Test func storingAndLoading() throws {
    let file = try file()
    #expect(file.load() == nil)
    for number in 1...3 {
      try file.store(kept(number))
      #expect(try self.file().load() == kept(number))
    }
  }

  // Closures among the arguments of a test make the compiler of Swift 6.0.3 crash.
  private static let damages: [@Sendable (Machine, String) throws -> Void] = [
    { machine, path in try machine.folder.overwrite(path, "") },
    { machine, path in try machine.folder.overwrite(path, "{\"version\":1,\"identity\":\"x\"") },
    // Longer than anything of ours, however well it begins.
    { machine, path in try machine.folder.append(path, [UInt8](repeating: 0x20, count: CredentialsFile.largest)) },
    { machine, path in chmod(machine.folder.file(path), 0o640) },
    { machine, path in
      try machine.folder.rename(path, to: "moved")
      try machine.folder.link(path, to: "moved")
    },
    { machine, path in
      try machine.folder.remove(path)
      try machine.folder.link(path, to: "nowhere")
    },
    { machine, path in
      try machine.folder.remove(path)
      mkfifo(machine.folder.file(path), 0o600)
    },
  ]

  @Test(arguments: damages.indices)
  func whatIsNotOursIsNotThereAndIsReplaced(_ index: Int) throws {
    let file = try file()
    try file.store(kept(1))
    try Self.damages[index](machine, path("json"))
    #expect(file.load() == nil)
    try file.store(kept(2))
    #expect(file.load() == kept(2))
    #expect(access(machine.folder.file("nowhere"), F_OK) != 0)
  }

  @Test func aDirectoryOfItsNameKeepsItFromBeingStored() throws {
    let file = try file()
    try machine.folder.makeFolder(path("json"))
    #expect(file.load() == nil)
    #expect(throws: SystemError.self) { try file.store(kept(1)) }
    #expect(try access(machine.folder.file(path("new")), F_OK) != 0)
  }

  @Test func whatAKilledProcessLeftIsReplaced() throws {
    try file().store(kept(1))
    try machine.folder.append(path("new"), "{\"version\":1,\"iden")
    #expect(try file().load() == kept(1))
    try file().store(kept(2))
    #expect(try file().load() == kept(2))
    #expect(try access(machine.folder.file(path("new")), F_OK) != 0)
  }

  @Test func whatAKilledProcessLeftMayBeALink() throws {
    try file().store(kept(1))
    try machine.folder.append("precious", "precious")
    try machine.folder.link(path("new"), to: "precious")
    try file().store(kept(2))
    #expect(try TextFile.read(machine.folder.file("precious")) == Array("precious".utf8))
  }

  // A kill may come at any moment: so at any moment that somebody looks, the file must be whole.
  @Test func whoeverLooksFindsAWholeFile() throws {
    try file().store(kept(1))
    let unchecked = UncheckedSendable((writer: try self.file(), kept: self.kept))
    let work = try ThreadedCall { for number in 2...300 { try unchecked.value.writer.store(unchecked.value.kept(number)) } }
    let kept = self.kept
    var end = pollfd(fd: work.descriptor, events: Int16(POLLIN), revents: 0)
    let reader = try file()
    var seen: Int64 = 1
    while poll(&end, 1, 0) == 0 {
      let found = try #require(reader.load())
      #expect(found == kept(Int(found.sequence)))
      #expect(found.sequence >= seen)
      seen = found.sequence
    }
    try work.result().get()
  }

  // MARK: - the lock

  @Test func oneHolds() throws {
    let (first, second) = (try file(), try file())
    #expect(try first.takeLock())
    #expect(try !second.takeLock())
    first.unlock()
    #expect(try second.takeLock())
    #expect(try !first.takeLock())
    // Another identity is not concerned.
    #expect(try #require(machine.cache.file(of: "y")).takeLock())
  }

  @Test func theLockOfAKilledProcessIsFree() throws {
    let file = try file()
    #expect(try file.takeLock())
    file.unlock()
    let script = """
      import fcntl, sys
      file = open(sys.argv[1], "r+")
      fcntl.flock(file, fcntl.LOCK_EX)
      print("!", end="", flush=True)
      sys.stdin.read() or __import__("time").sleep(60)
      """
    let child = try ChildProcess(["python3", "-c", script, machine.folder.file(path("lock"))])
    var bytes = [UInt8](repeating: 0, count: 1)
    #expect(read(child.output, &bytes, 1) == 1)
    #expect(try !file.takeLock())
    child.signal(SIGKILL)
    _ = child.wait()
    #expect(try file.takeLock())
  }

  @Test func aLinkIsNoLock() throws {
    let file = try file()
    try machine.folder.link(path("lock"), to: "victim")
    #expect(throws: SystemError.self) { try file.takeLock() }
    #expect(access(machine.folder.file("victim"), F_OK) != 0)
  }
}
