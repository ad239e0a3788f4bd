/// How fast users are worked on: a value, asked by the loop.
///
/// Cognito takes 50 AdminCreateUser and 30 AdminSetUserPassword a second from an account and region ("Quotas in Amazon Cognito",
/// request rates by category). 20 users a second leave room for others, and for machines that sign in.
struct Pace: Equatable {
  /// Nanoseconds between two users.
  private let interval: Int64
  private var next = Int64.min

  static let standard = 20

  init(usersPerSecond: Int) { interval = 1_000_000_000 / Int64(max(usersPerSecond, 1)) }

  /// How long the next user has to wait, in nanoseconds.
  func delay(now: Int64) -> Int64 { next > now ? next - now : 0 }

  /// A user is begun. One who needs two calls of one category counts twice.
  mutating func begin(now: Int64, isDouble: Bool) { next = max(next, now) + interval * (isDouble ? 2 : 1) }
}
