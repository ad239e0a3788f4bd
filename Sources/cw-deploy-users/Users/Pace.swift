internal import AWS

/// How many users are worked on in a second: a value that the loop consults.
///
/// Cognito takes 50 AdminCreateUser and 30 AdminSetUserPassword a second from an account and region ("Quotas in Amazon Cognito",
/// request rates by category). 20 users a second leave room for other programs, and for machines that sign in.
struct Pace: Equatable {
  /// Nanoseconds between two users.
  private let interval: Int64
  private var next = Int64.min

  static let standard = 20

  init(usersPerSecond: Int) { interval = 1_000_000_000 / Int64(max(usersPerSecond, 1)) }

  /// How long the next user has to wait, in nanoseconds.
  func delay(now: Int64) -> Int64 { next > now ? next - now : 0 }

  /// Counts a user that is begun; twice if the user needs two requests of one category.
  mutating func begin(now: Int64, isDouble: Bool) { next = max(next, now) + interval * (isDouble ? 2 : 1) }
}

extension Pace {
  /// Works on items, several at once, and returns when all that were begun have ended.
  /// - Parameters:
  ///   - isStopped: whether no more is to be begun.
  ///   - isDouble: which items count twice.
  ///   - underWay: how many have not ended.
  ///   - begin: starts the work on an item.
  ///   - wait: lets the work go on for at most so many milliseconds.
  ///   - progress: told after each wait.
  mutating func run<Item>(
    _ items: [Item], now: () -> Int64, isStopped: () -> Bool, isDouble: (Item) -> Bool = { _ in false }, underWay: () -> Int,
    begin: (Item) -> Void, wait: (_ milliseconds: Int) -> Void, progress: () -> Void
  ) {
    var rest = items[...]
    while true {
      var delay: Int64 = 60_000_000_000
      while let item = rest.first, !isStopped(), underWay() < RetryingClient.maximumParallel {
        let moment = now()
        guard self.delay(now: moment) == 0 else {
          delay = self.delay(now: moment)
          break
        }
        self.begin(now: moment, isDouble: isDouble(item))
        rest.removeFirst()
        begin(item)
      }
      if underWay() == 0, rest.isEmpty || isStopped() { return }
      wait(Int((delay + 999_999) / 1_000_000))
      progress()
    }
  }
}
