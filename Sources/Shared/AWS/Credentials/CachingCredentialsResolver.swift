internal import Unix

/// The credentials of one provider, which all processes of a machine fetch once and renew together.
///
/// One thread at a time may use it.
package final class CachingCredentialsResolver: CredentialsResolver {
  private let find: () throws -> any CredentialsProvider
  private var provider: any CredentialsProvider
  private let cache: CredentialsCache?
  private let policy: RenewalPolicy
  private let now: () -> Int64
  private let pause: (Int64) -> Void
  private let serviceClock: () -> Int64?
  private let warn: (String) -> Void
  private var kept: CachedCredentials?
  private var memory: [String: String] = [:]

  /// How long another process may take to sign in, in milliseconds: longer than any time limit of this program.
  package static let longestWait: Int64 = 150_000
  private static let longestNap: Int64 = 100

  /// - Parameters:
  ///   - find: finds the provider: now, and again when its credentials are refused, since the configuration may have changed.
  ///   - now: milliseconds since the epoch by this machine's clock.
  ///   - pause: waits so many milliseconds.
  ///   - serviceClock: milliseconds to add to this machine's clock to get the service's time; nil: not known.
  init(
    _ find: @escaping () throws -> any CredentialsProvider, cache: CredentialsCache?, policy: RenewalPolicy = RenewalPolicy(),
    now: @escaping () -> Int64 = Clock.realtimeMilliseconds, pause: @escaping (Int64) -> Void = CachingCredentialsResolver.nap,
    serviceClock: @escaping () -> Int64? = { nil }, warn: @escaping (String) -> Void
  ) throws {
    self.find = find
    provider = try find()
    self.cache = cache
    self.policy = policy
    self.now = now
    self.pause = pause
    self.serviceClock = serviceClock
    self.warn = warn
  }

  /// The provider's name for people.
  package var name: String { provider.name }

  /// Milliseconds to add to this machine's clock to get the service's time when the credentials were retrieved; nil: not known.
  package var clockOffset: Int64? { kept?.clockOffset }

  /// Valid credentials; see `CredentialsResolver`.
  /// - Throws: `CredentialsError`, or another `Failure` of the provider.
  package func credentials(besides refused: AWSCredentials?) throws -> AWSCredentials {
    if refused != nil {
      let found = try find()
      if found.identity != provider.identity { kept = nil }
      provider = found
    }
    // Refused ones are returned again: the service says best what is wrong with them.
    guard let identity = provider.identity else { return try wellFormed(provider.retrieve(&memory)) }
    if let kept, case .use(let credentials) = action(kept, refused, since: kept.sequence) { return credentials }

    var file = cache?.file(of: identity)
    var known = refresh(file, identity)
    let since = known.sequence
    var waited: Int64 = 0
    var nap: Int64 = 5
    while true {
      let current: AWSCredentials?
      switch action(known, refused, since: since) {
      case .use(let credentials): return credentials
      case .fail(let error): throw error
      case .renew(let credentials): current = credentials
      case .retrieve: current = nil
      }
      if try takeLock(&file) {
        defer { file?.unlock() }
        // Another process may have renewed them since the last look.
        known = refresh(file, identity)
        switch action(known, refused, since: since) {
        case .use(let credentials): return credentials
        case .fail(let error): throw error
        case .renew, .retrieve: return try retrieve(known, besides: refused, file)
        }
      }
      // Another process renews them: these are valid until then.
      if let current { return current }
      guard waited < Self.longestWait else { throw stillBusy() }
      pause(nap)
      waited += nap
      nap = min(nap * 2, Self.longestNap)
      known = refresh(file, identity)
    }
  }

  private func action(_ kept: CachedCredentials, _ refused: AWSCredentials?, since: Int64) -> RenewalPolicy.Action {
    policy.action(
      kept, besides: refused, since: since, provider: provider.name, inputs: { InputStamp.of(provider.inputs) }, now: now())
  }

  // What any process wrote last; on a full disk that may be only what is in memory.
  private func refresh(_ file: CredentialsFile?, _ identity: String) -> CachedCredentials {
    var known = kept ?? CachedCredentials(identity: identity)
    if let stored = file?.load(), stored.sequence >= known.sequence { known = stored }
    kept = known
    return known
  }

  // Without a cache, or if it cannot be locked, each process fetches its own.
  private func takeLock(_ file: inout CredentialsFile?) throws -> Bool {
    do {
      return try file?.takeLock() ?? true
    } catch {
      cache?.warnOnce(error)
      file = nil
      return true
    }
  }

  private func retrieve(_ known: CachedCredentials, besides refused: AWSCredentials?, _ file: CredentialsFile?) throws -> AWSCredentials {
    // The stamp is taken before the attempt: a file that changes during it is a reason for another.
    let inputs = InputStamp.of(provider.inputs)
    var next = known
    next.sequence += 1
    do {
      let retrieved = try unlike(refused, wellFormed(provider.retrieve(&next.memory)))
      next.credentials = retrieved
      next.retrieved = now()
      next.clockOffset = serviceClock()
      next.failure = nil
      keep(next, file)
      return retrieved
    } catch {
      let reason = CredentialsError(any: error)
      // Another password starts the count again.
      let before = known.failure.map { $0.inputs == inputs ? $0.refusals : 0 } ?? 0
      next.failure = FailedAttempt(error: reason, time: now(), refusals: before + (reason.kind == .refused ? 1 : 0), inputs: inputs)
      keep(next, file)
      switch action(next, refused, since: next.sequence) {
      case .use(let credentials), .renew(let credentials):
        warn("\(provider.name) gave no new credentials, the old ones are good for a while: \(reason.message)")
        return credentials
      case .retrieve, .fail: throw error
      }
    }
  }

  private func keep(_ next: CachedCredentials, _ file: CredentialsFile?) {
    kept = next
    do {
      try file?.store(next)
    } catch {
      cache?.warnOnce(error)
    }
  }

  private func wellFormed(_ retrieved: AWSCredentials) throws -> AWSCredentials {
    guard retrieved.areWellFormed else {
      throw CredentialsError("\(provider.name) gives a key or token with characters in it that none has; is it cut or copied wrongly?")
    }
    return retrieved
  }

  private func unlike(_ refused: AWSCredentials?, _ retrieved: AWSCredentials) throws -> AWSCredentials {
    guard retrieved != refused else {
      throw CredentialsError("\(provider.name) gives no other credentials than those which were refused; look into its rights there")
    }
    return retrieved
  }

  private func stillBusy() -> CredentialsError {
    CredentialsError(
      "another process has been getting credentials from \(provider.name) for \(Self.longestWait / 1000) s; try again later",
      .unavailable, status: .tryAgain)
  }

  /// Sleeps so many milliseconds.
  package static func nap(_ milliseconds: Int64) { usleep(UInt32(clamping: milliseconds * 1000)) }
}
