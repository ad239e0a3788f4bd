internal import AWS
internal import Unix

/// The things of an account and region that belong to systems.
struct ThingRegistry {
  let client: any AWSClient

  /// IoT takes more ListThingPrincipals a second than requests that make something; where it throttles, `RetryPolicy` waits.
  static let readsPerSecond = 50

  /// The ids of the certificates of each system that is a thing.
  /// - Throws: `AWSError` or `CommandError`.
  func certificates(
    of systems: [String], wait: (_ milliseconds: Int) -> Void, progress: (_ done: Int) -> Void = { _ in },
    now: () -> Int64 = Clock.monotonicNanoseconds
  ) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    var failure: (any Failure)?
    var (ended, underWay) = (0, 0)
    func ask(_ id: String, after token: String?) {
      underWay += 1
      client.start(IoT.listThingPrincipals(id, after: token)) { result in
        underWay -= 1
        switch result {
        case .success(let response):
          guard let page = IoT.principals(response) else {
            failure = CommandError(.unavailable, "IoT answered something else than the certificates of a thing")
            return
          }
          found[id, default: []] += page.principals.filter { $0.contains(":cert/") }.compactMap {
            $0.split(separator: "/").last.map(String.init)
          }
          if let next = page.next { ask(id, after: next) } else { ended += 1 }
        case .failure(let error) where error.code == "ResourceNotFoundException": ended += 1
        case .failure(let error): failure = error.namingAction(of: IoT.service)
        }
      }
    }
    var pace = Pace(usersPerSecond: Self.readsPerSecond)
    pace.run(
      systems, now: now, isStopped: { failure != nil }, underWay: { underWay }, begin: { ask($0, after: nil) }, wait: wait,
      progress: { progress(ended) })
    if let failure { throw failure }
    return found
  }
}
