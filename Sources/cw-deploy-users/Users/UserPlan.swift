/// The steps after which every system has one recorded password that signs in. Nothing is ever deleted.
struct UserPlan: Plan, Equatable {
  struct Step: PlanStep, Equatable {
    let id: String
    let kind: StepKind
    /// Whether a password is recorded that is not set.
    var isRecorded = false

    /// The actions in their order; a run may end after any of them.
    ///
    /// The service itself records that a user is not finished: until the last action the status is FORCE_CHANGE_PASSWORD, which the next
    /// run finishes. So the recorded password of a CONFIRMED user is the one that is set.
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
    /// AdminCreateUser, with a password that is not kept.
    case create
    /// AdminSetUserPassword, with a temporary one that is not kept.
    case invalidate
    /// The password, new or recorded before, is on the disk, and in the machine's configuration if there is one.
    case record(new: Bool)
    /// AdminSetUserPassword, with the permanent one.
    case set
  }

  /// Cognito's names of the two statuses that matter.
  enum Status {
    static let confirmed = "CONFIRMED"
    static let unfinished = "FORCE_CHANGE_PASSWORD"
  }

  private(set) var steps: [Step] = []
  /// Systems whose user can sign in.
  private(set) var complete: [String] = []
  /// Systems whose user has a status that this program never causes; they are left alone.
  private(set) var unusual: [String] = []
  /// Users to rotate that do not exist.
  private(set) var unknown: [String] = []

  /// - Parameters:
  ///   - users: Cognito's statuses by name.
  ///   - recorded: users whose password is in the file.
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
    // A run with other systems has left these unfinished.
    let others = recorded.subtracting(systems).subtracting(rotated).filter { users[$0] == Status.unfinished }
    steps += others.sorted().map { Step(id: $0, kind: .finish, isRecorded: true) }
    for id in rotating {
      if users[id] == nil { unknown.append(id) } else { steps.append(Step(id: id, kind: .rotate)) }
    }
  }

  var leftAlone: Int { unusual.count }
}
