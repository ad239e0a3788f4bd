/// What is to be done so that every system has one recorded password that signs in. Nothing is ever deleted.
struct UserPlan: Equatable {
  enum Kind: String, CaseIterable {
    /// The user is not there.
    case add
    /// The user is there, and has no password that lasts: a run has died, or somebody else has begun.
    case finish
    /// Another password is asked for.
    case rotate
  }

  struct Step: Equatable {
    let id: String
    let kind: Kind
    /// Whether a password is recorded that nobody has set.
    var isRecorded = false

    /// In this order, each of which may be the last.
    ///
    /// The service itself remembers that a user is not finished: until the last action the status is FORCE_CHANGE_PASSWORD, of which
    /// the next run makes `finish`. So a password that is recorded, and whose user is CONFIRMED, is the one that is set.
    var actions: [Action] {
      switch kind {
      case .add: [.create, .record(new: !isRecorded), .set]
      case .finish: [.record(new: !isRecorded), .set]
      // The recorded password stops working before it is replaced.
      case .rotate: [.invalidate, .record(new: true), .set]
      }
    }
  }

  enum Action: Equatable {
    /// AdminCreateUser, with a password that nobody keeps.
    case create
    /// AdminSetUserPassword with a temporary one that nobody keeps.
    case invalidate
    /// A new password, or the one that is recorded, is on the disk, and in the machine's configuration where that is made.
    case record(new: Bool)
    /// AdminSetUserPassword, for ever.
    case set
  }

  /// What Cognito calls the two statuses that matter.
  enum Status {
    static let confirmed = "CONFIRMED"
    static let unfinished = "FORCE_CHANGE_PASSWORD"
  }

  private(set) var steps: [Step] = []
  /// Systems with a user who can sign in.
  private(set) var complete: [String] = []
  /// Systems whose user is in a status that nobody here makes; they are left alone.
  private(set) var unusual: [String] = []
  /// Users to be rotated who are not there.
  private(set) var unknown: [String] = []

  /// - Parameters:
  ///   - users: statuses by name, as Cognito says them.
  ///   - recorded: whose password is in the file.
  init(systems: [String], rotating: [String] = [], users: [String: String], recorded: Set<String>) {
    let rotated = Set(rotating)
    for id in systems where !rotated.contains(id) {
      switch users[id] {
      case nil: steps.append(Step(id: id, kind: .add, isRecorded: recorded.contains(id)))
      case Status.unfinished: steps.append(Step(id: id, kind: .finish, isRecorded: recorded.contains(id)))
      case Status.confirmed: complete.append(id)
      default: unusual.append(id)
      }
    }
    // A run with other systems has left these.
    let others = recorded.subtracting(systems).subtracting(rotated).filter { users[$0] == Status.unfinished }
    steps += others.sorted().map { Step(id: $0, kind: .finish, isRecorded: true) }
    for id in rotating {
      if users[id] == nil { unknown.append(id) } else { steps.append(Step(id: id, kind: .rotate)) }
    }
  }

  func count(_ kind: Kind) -> Int { steps.count { $0.kind == kind } }

  /// `10 to add, 2 to finish, 188 complete`
  var summary: String {
    let parts = Kind.allCases.compactMap { kind in count(kind) > 0 ? "\(count(kind)) to \(kind.rawValue)" : nil }
    let left = unusual.isEmpty ? [] : ["\(unusual.count) left alone"]
    return (parts + ["\(complete.count) complete"] + left).joined(separator: ", ")
  }
}
