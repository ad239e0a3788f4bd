internal import AWS
internal import Services
internal import Tool
internal import Unix

/// The things of an account and region, as far as they are those of systems.
struct ThingRegistry {
  let caller: any Caller

  /// Of ListThingPrincipals IoT takes more a second than of the calls that make something; where it throttles, `RetryPolicy` waits.
  static let readsPerSecond = 50

  /// For each system that is a thing the names of its certificates.
  func certificates(
    of systems: [String], wait: (_ milliseconds: Int) -> Void, progress: (_ done: Int) -> Void = { _ in },
    now: () -> Int64 = Clock.monotonicNanoseconds
  ) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    var failure: (any Failure)?
    func ask(_ id: String, after token: String?, _ end: @escaping () -> Void) {
      caller.start(IoT.listThingPrincipals(id, after: token)) { result in
        switch result {
        case .success(let reply):
          guard let page = IoT.principals(reply) else {
            failure = ToolError(.unavailable, "IoT answered something else than the certificates of a thing")
            return end()
          }
          found[id, default: []] += page.principals.compactMap { $0.split(separator: "/").last.map(String.init) }
          if let next = page.nextToken { ask(id, after: next, end) } else { end() }
        case .failure(let error) where error.code == "ResourceNotFoundException": end()
        case .failure(let error):
          failure = error.namingAction(of: IoT.service)
          end()
        }
      }
    }
    var pace = Pace(usersPerSecond: Self.readsPerSecond)
    paced(
      systems, &pace, now: now, isStopped: { failure != nil }, begin: { id, end in ask(id, after: nil, end) }, wait: wait,
      progress: progress)
    if let failure { throw failure }
    return found
  }
}

/// Works on items, several at once and no more begun in a second than the pace allows. Returns when all that were begun have ended.
/// - Parameters:
///   - isStopped: whether no more is to be begun.
///   - begin: starts the work on an item, and has `end` called when it is over.
///   - wait: lets the work go on for at most so many milliseconds.
///   - progress: told after each wait how many have ended.
func paced<Item>(
  _ items: [Item], _ pace: inout Pace, now: () -> Int64, isStopped: () -> Bool, begin: (Item, _ end: @escaping () -> Void) -> Void,
  wait: (_ milliseconds: Int) -> Void, progress: (_ done: Int) -> Void
) {
  let ended = Count()
  var begun = 0
  while true {
    var delay: Int64 = 60_000_000_000
    while begun < items.count, !isStopped(), begun - ended.value < Client.maximumParallel {
      let moment = now()
      guard pace.delay(now: moment) == 0 else {
        delay = pace.delay(now: moment)
        break
      }
      pace.begin(now: moment, isDouble: false)
      begun += 1
      begin(items[begun - 1]) { ended.value += 1 }
    }
    if begun == ended.value, begun == items.count || isStopped() { return }
    wait(Int((delay + 999_999) / 1_000_000))
    progress(ended.value)
  }
}

private final class Count { var value = 0 }
