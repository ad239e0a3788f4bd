import Testing
import TestSupport
import Unix
@testable import AWS

@Suite struct CachingCredentialsResolverTests {
  let machine: Machine

  init() throws { machine = try Machine() }

  private func error(besides refused: AWSCredentials? = nil) -> CredentialsError? {
    thrown(CredentialsError.self) { _ = try machine.get(besides: refused) }
  }

  // MARK: - renewal

  @Test(arguments: [true, false]) func oneSignInServesAll(_ isCached: Bool) throws {
    machine.isCached = isCached
    let process = try machine.process()
    for _ in 0..<3 { #expect(try process.credentials(besides: nil).accessKeyId == "AKID1") }
    #expect(try machine.get() == (isCached ? "AKID1" : "AKID2"))
    machine.now += 2_701_000
    #expect(try process.credentials(besides: nil).accessKeyId == (isCached ? "AKID2" : "AKID3"))
  }

  @Test func whatIsRenewedByAnotherIsTaken() throws {
    let process = try machine.process()
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID1")
    machine.now += 2_701_000
    #expect(try machine.get() == "AKID2")
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID2")
    #expect(machine.mints == 2)
  }

  @Test func shortLivedOnesAreNotFetchedWithEachCall() throws {
    machine.lifetime = 90_000
    for _ in 0..<180 {
      _ = try machine.get()
      machine.now += 1000
    }
    #expect((2...5).contains(machine.mints))
  }

  @Test func theyAreUsedWhileARenewalFails() throws {
    let process = try machine.process()
    _ = try process.credentials(besides: nil)
    machine.failure = outage
    machine.now += 2_701_000
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID1")
    #expect(machine.mints == 2)
    #expect(
      machine.warnings == ["the test user gave no new credentials, the old ones are good for a while: no route to cognito-idp"])
    // Nobody repeats it within a minute.
    machine.now += 59_000
    #expect(try machine.get() == "AKID1")
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID1")
    #expect(machine.mints == 2)
    machine.now += 1000
    #expect(try machine.get() == "AKID1")
    #expect(machine.mints == 3)
    machine.now += 900_000
    #expect(error() == outage)
    machine.failure = nil
    #expect(try machine.get() == "AKID5")
  }

  @Test func anInputThatChangesInTheMidstOfARenewalDoesNotThrowGoodOnesAway() throws {
    machine.inputs = [machine.folder.file("password")]
    _ = try machine.get()
    machine.now += 2_701_000
    machine.failure = refusal
    machine.minting = { [folder = machine.folder] _ in try? folder.append("password", "new") }
    #expect(try machine.get() == "AKID1")
  }

  @Test func aClockThatWentBackwardsOrIsWrong() throws {
    _ = try machine.get()
    machine.now -= 1
    #expect(try machine.get() == "AKID2")
    machine.now -= 86_400_000
    machine.serviceClock = 86_400_000
    let process = try machine.process()
    #expect(try process.credentials(besides: nil).accessKeyId == "AKID3")
    #expect(process.clockOffset == 86_400_000)
    machine.serviceClock = nil
    machine.now += 2_600_000
    let another = try machine.process()
    #expect(try another.credentials(besides: nil).accessKeyId == "AKID3")
    #expect(another.clockOffset == 86_400_000)
  }

  @Test func whatTheSourceRemembersIsKept() throws {
    var seen: [[String: String]] = []
    machine.minting = { memory in
      seen.append(memory)
      memory["refreshToken"] = "r\(seen.count)"
    }
    _ = try machine.get()
    machine.now += 3_600_000
    // Also from an attempt that fails: a token that was used up must not be tried again.
    machine.failure = outage
    #expect(error() == outage)
    machine.failure = nil
    _ = try machine.get()
    #expect(seen == [[:], ["refreshToken": "r1"], ["refreshToken": "r2"]])
  }

  // MARK: - what a service refuses

  @Test func refusedOnesAreReplacedOnceForAll() throws {
    let processes = try (0..<5).map { _ in try machine.process() }
    let old = try processes.map { try $0.credentials(besides: nil) }
    #expect(try zip(processes, old).map { try $0.credentials(besides: $1).accessKeyId } == Array(repeating: "AKID2", count: 5))
    #expect(machine.mints == 2)
  }

  @Test func aSourceThatHasNoOthersIsAnError() throws {
    let fixed = Machine.credentials(1, expiration: machine.now + 3_600_000)
    let error = thrown(CredentialsError.self) { _ = try machine.process().credentials(besides: fixed) }
    #expect(error?.message == "the test user gives no other credentials than those which were refused; look into its rights there")
  }

  /// Keys that somebody wrote down: the service says best what is wrong with them.
  @Test func withoutIdentityTheSameAreGivenOutAgain() throws {
    machine.identity = nil
    let fixed = Machine.credentials(1, expiration: machine.now + 3_600_000)
    #expect(try machine.process().credentials(besides: fixed) == fixed)
  }

  /// They go into header fields: a line's end in one would begin another.
  @Test(arguments: ["a\r\nX-Forged: 1", "a\n", "a b", "a\0", "ü", ""]) func whatNoHeaderCanHaveIsNoToken(_ token: String) throws {
    for identity in ["x", nil] {
      let machine = try Machine()
      machine.identity = identity
      machine.altering = { $0.sessionToken = token }
      let error = thrown(CredentialsError.self) { _ = try machine.get() }
      #expect(error?.message == "the test user gives a key or token with characters in it that none has; is it cut or copied wrongly?")
    }
  }

  @Test func aSourceWithoutIdentityIsAskedEachTime() throws {
    machine.identity = nil
    #expect(try machine.get() == "AKID1")
    #expect(try machine.get() == "AKID2")
    #expect(access(machine.cachePath, F_OK) != 0)
  }

  // MARK: - refusals of the source

  @Test(arguments: [true, false]) func aWrongPasswordIsNotHammered(_ isCached: Bool) throws {
    machine.isCached = isCached
    machine.failure = refusal
    let process = try machine.process()
    var attempts: [Int64] = []
    let start = machine.now
    for _ in 0..<3600 {
      let before = machine.mints
      let error = thrown(CredentialsError.self) {
        // With a cache it is another process each time.
        if isCached { _ = try machine.get() } else { _ = try process.credentials(besides: nil) }
      }
      #expect(error?.kind == .refused)
      // Exit status 77 for the refusal, 75 for the pause after it.
      #expect(error?.status == (machine.mints > before ? .noPermission : .tryAgain))
      if machine.mints > before { attempts.append((machine.now - start) / 1000) }
      machine.now += 1000
    }
    #expect(attempts == [0, 60, 180, 420, 900, 1800, 2700])
  }

  @Test func anotherPasswordIsTriedAtOnce() throws {
    let files = ["password", "certificate"].map { machine.folder.file($0) }
    try machine.folder.append("password", "secret1")
    machine.inputs = files
    machine.failure = refusal
    for _ in 0..<3 {
      #expect(error() == refusal)
      #expect(error()?.message.hasPrefix("the test user was refused at ") == true)
      machine.now += 1_000_000
    }
    #expect(machine.mints == 3)
    #expect(error() == refusal)
    // Of the same length.
    try machine.folder.remove("password")
    try machine.folder.append("password", "secret2")
    #expect(error() == refusal)
    // It is the first refusal of this one.
    machine.now += 60_000
    #expect(error() == refusal)
    machine.failure = nil
    #expect(error()?.message.contains("the next attempt is at") == true)
    try machine.folder.append("certificate", "x")
    #expect(try machine.get() == "AKID7")
  }

  @Test func anOutageBetweenRefusalsDoesNotShortenThePause() throws {
    machine.failure = refusal
    #expect(error() == refusal)
    machine.now += 60_000
    machine.failure = outage
    #expect(error() == outage)
    machine.failure = refusal
    #expect(error() == refusal)
    machine.now += 119_000
    #expect(error()?.message.contains("in 1 s") == true)
  }

  @Test func noSecretIsInAMessage() throws {
    _ = try machine.get()
    machine.failure = refusal
    machine.now += 2_701_000
    _ = try machine.get()
    machine.now += 900_000
    let messages =
      machine.warnings + [error()?.message ?? "", "\(try #require(machine.cache.file(of: "test\nuser")?.load()?.credentials))"]
    for message in messages { #expect(!message.contains("secret/") && !message.contains("token1")) }
  }

  // MARK: - many at once

  /// A source that others ask too, from threads: what it counts lies in a file.
  private struct Slow: CredentialsProvider {
    let folder: TemporaryFolder
    let count: Int
    let failure: CredentialsError?
    let name = "the slow user"
    let identity: String? = "slow"

    func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
      try folder.append("mints", "x")
      // Until all others wait for us.
      while size("waiting") < count - 1 { usleep(1000) }
      if let failure { throw failure }
      return Machine.credentials(Int.random(in: 0...Int.max), expiration: Clock.realtimeMilliseconds() + 3_600_000)
    }

    func size(_ name: String) -> Int {
      var status = stat()
      return stat(folder.file(name), &status) == 0 ? Int(status.st_size) : 0
    }
  }

  @Test(arguments: [nil, outage, refusal]) func ofManyAtOnceOneSignsIn(_ failure: CredentialsError?) throws {
    let folder = machine.folder
    let provider = Slow(folder: folder, count: 50, failure: failure)
    let path = machine.cachePath
    // It counts in files.
    let unchecked = UncheckedSendable((folder: folder, provider: provider))
    let threads = try (0..<provider.count).map { _ in
      try ThreadedCall {
        let (folder, provider) = unchecked.value
        var isWaiting = false
        let shared = try CachingCredentialsResolver(
          { provider }, cache: CredentialsCache(path) { _ in },
          pause: {
            if !isWaiting { try? folder.append("waiting", "x") }
            isWaiting = true
            CachingCredentialsResolver.nap($0)
          }, warn: { _ in })
        return try shared.credentials(besides: nil)
      }
    }
    let results = threads.map { $0.result().mapError(CredentialsError.init(any:)) }
    #expect(provider.size("mints") == 1)
    for result in results {
      #expect(result == results[0])
      if let failure { #expect(result == .failure(failure)) } else { #expect((try? result.get()) != nil) }
    }
  }

  @Test func nobodyWaitsForARenewal() throws {
    _ = try machine.get()
    machine.now += 2_701_000
    let holder = try #require(machine.cache.file(of: "test\nuser"))
    #expect(try holder.takeLock())
    machine.pausing = { _ in Issue.record("waited") }
    #expect(try machine.get() == "AKID1")
    holder.unlock()
    #expect(try machine.get() == "AKID2")
  }

  @Test func aHolderThatHangsIsNotWaitedForForEver() throws {
    let holder = try #require(machine.cache.file(of: "test\nuser"))
    #expect(try holder.takeLock())
    var waited: Int64 = 0
    machine.pausing = { waited += $0 }
    let error = error()
    #expect(error?.kind == .unavailable)
    #expect(error?.status == .tryAgain)
    #expect((150_000...150_100).contains(waited))
    #expect(machine.mints == 0)
  }

  @Test func whatTheHolderStoresIsTakenAtOnce() throws {
    let holder = try #require(machine.cache.file(of: "test\nuser"))
    #expect(try holder.takeLock())
    let now = machine.now
    machine.pausing = { _ in
      var kept = CachedCredentials(identity: "test\nuser")
      kept.sequence = 1
      kept.retrieved = now
      kept.credentials = Machine.credentials(9, expiration: now + 3_600_000)
      try? holder.store(kept)
    }
    // The lock is never given back.
    #expect(try machine.get() == "AKID9")
    #expect(machine.mints == 0)
  }

  // MARK: - a cache that cannot be written

  @Test func whatCannotBeStoredIsRemembered() throws {
    // A directory stands where its file should be, in place of a full disk.
    _ = try machine.get()
    let name = "state/credentials/\(try #require(machine.cacheFiles.first { $0.hasSuffix(".json") }))"
    try machine.folder.remove(name)
    try machine.folder.makeFolder(name)
    let process = try machine.process()
    machine.failure = refusal
    #expect(thrown(CredentialsError.self) { _ = try process.credentials(besides: nil) } == refusal)
    #expect(thrown(CredentialsError.self) { _ = try process.credentials(besides: nil) }?.message.contains("next attempt") == true)
    machine.failure = nil
    machine.now += 60_000
    for _ in 0..<3 { #expect(try process.credentials(besides: nil).accessKeyId == "AKID3") }
    #expect(machine.warnings.count == 1)
  }
}
