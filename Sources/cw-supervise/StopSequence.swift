/// The steps by which pipes are ended: their input is stopped, and a program that has not delivered in time gets TERM, then KILL.
///
/// The supervisor takes the steps, or the guard if the supervisor was killed.
struct StopSequence {
  enum Action: Equatable {
    case terminate
    case kill
    /// A process outlives even that, in the kernel: nothing is left to be done.
    case leave
  }

  private var steps: [(at: Int64, step: Action)]

  /// - Parameters:
  ///   - now: nanoseconds of the monotonic clock; the input has been stopped.
  ///   - drainSeconds: how long delivering may take.
  init(_ now: Int64, drainSeconds: Int64) { steps = Self.steps(now + drainSeconds * 1_000_000_000) }

  /// When the next step is due; nil: there is none left.
  var nextDeadline: Int64? { steps.first?.at }

  /// The step that is due, once.
  mutating func next(_ now: Int64) -> Action? {
    guard let first = steps.first, now >= first.at else { return nil }
    steps.removeFirst()
    return first.step
  }

  /// A second signal: the delivery is not waited for.
  mutating func hurry(_ now: Int64) {
    if steps.first?.step == .terminate { steps = Self.steps(now) }
  }

  private static func steps(_ at: Int64) -> [(at: Int64, step: Action)] {
    [(at, .terminate), (at + SupervisedPipe.killTimeout, .kill), (at + 2 * SupervisedPipe.killTimeout, .leave)]
  }
}
