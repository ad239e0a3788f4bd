import Testing

@testable import DeployUsersCommand

@Suite struct UserPlanTests {
  private static let confirmed = "CONFIRMED"
  private static let unfinished = "FORCE_CHANGE_PASSWORD"

  struct Case: Sendable {
    var systems: [String] = []
    var rotating: [String] = []
    var users: [String: String] = [:]
    var recorded: Set<String> = []
    var steps: [UserPlan.Step] = []
    var complete: [String] = []
    var unusual: [String] = []
    var unknown: [String] = []
  }

  @Test(arguments: [
    Case(),
    Case(systems: ["a"], steps: [UserPlan.Step(id: "a", kind: .add)]),
    Case(systems: ["a"], recorded: ["a"], steps: [UserPlan.Step(id: "a", kind: .add, isRecorded: true)]),
    Case(systems: ["a"], users: ["a": unfinished], steps: [UserPlan.Step(id: "a", kind: .finish)]),
    Case(systems: ["a"], users: ["a": unfinished], recorded: ["a"], steps: [UserPlan.Step(id: "a", kind: .finish, isRecorded: true)]),
    Case(systems: ["a"], users: ["a": confirmed], complete: ["a"]),
    Case(systems: ["a"], users: ["a": confirmed], recorded: ["a"], complete: ["a"]),
    Case(systems: ["a"], users: ["a": "RESET_REQUIRED"], unusual: ["a"]),
    // Of other systems only those are touched that a run of ours has left.
    Case(
      users: ["a": unfinished, "b": confirmed, "c": unfinished], recorded: ["a", "b", "d"],
      steps: [UserPlan.Step(id: "a", kind: .finish, isRecorded: true)]),
    Case(systems: ["b", "a"], users: ["c": confirmed], steps: [UserPlan.Step(id: "b", kind: .add), UserPlan.Step(id: "a", kind: .add)]),
    Case(rotating: ["a"], users: ["a": confirmed], recorded: ["a"], steps: [UserPlan.Step(id: "a", kind: .rotate)]),
    Case(rotating: ["a"], users: ["a": unfinished], recorded: ["a"], steps: [UserPlan.Step(id: "a", kind: .rotate)]),
    Case(systems: ["a"], rotating: ["a"], users: ["a": "RESET_REQUIRED"], steps: [UserPlan.Step(id: "a", kind: .rotate)]),
    Case(rotating: ["a"], recorded: ["a"], unknown: ["a"]),
  ])
  func plans(_ given: Case) {
    let plan = UserPlan(systems: given.systems, rotating: given.rotating, users: given.users, recorded: given.recorded)
    #expect(plan.steps == given.steps)
    #expect(plan.complete == given.complete)
    #expect(plan.unusual == given.unusual)
    #expect(plan.unknown == given.unknown)
  }

  @Test(arguments: [
    (UserPlan.Step(id: "a", kind: .add), [UserPlan.Action.create, .record(new: true), .set]),
    (UserPlan.Step(id: "a", kind: .add, isRecorded: true), [.create, .record(new: false), .set]),
    (UserPlan.Step(id: "a", kind: .finish), [.record(new: true), .set]),
    (UserPlan.Step(id: "a", kind: .finish, isRecorded: true), [.record(new: false), .set]),
    (UserPlan.Step(id: "a", kind: .rotate), [.invalidate, .record(new: true), .set]),
  ])
  func actions(_ step: UserPlan.Step, _ expected: [UserPlan.Action]) { #expect(step.actions == expected) }

  @Test func summary() {
    let plan = UserPlan(
      systems: ["a", "b", "c", "d", "e"], users: ["b": Self.unfinished, "c": Self.confirmed, "d": "UNKNOWN"], recorded: [])
    #expect(plan.summary == "2 to add, 1 to finish, 1 complete, 1 left alone")
    #expect(UserPlan(systems: [], users: [:], recorded: []).summary == "0 complete")
  }
}
