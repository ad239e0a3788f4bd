/// How long a pipe that has ended rests before it is started again: 1 second, then 2, 4 ... up to a minute.
struct RestartPolicy: Equatable {
  static let slowest: Int64 = 60
  /// A pipe that ran so long was healthy: its next failure counts as the first.
  static let healthyAfter: Int64 = 300

  private var next: Int64 = 1

  /// The rest in seconds.
  /// - Parameter seconds: how long the pipe ran.
  mutating func rest(afterRunning seconds: Int64, _ exitReasons: [ExitReason]) -> Int64 {
    if seconds >= Self.healthyAfter { next = 1 }
    if exitReasons.contains(where: \.needsPerson) { next = Self.slowest }
    defer { next = min(next * 2, Self.slowest) }
    return next
  }
}
