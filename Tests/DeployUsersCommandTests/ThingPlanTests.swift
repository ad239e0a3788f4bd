import Testing

@testable import DeployUsersCommand

@Suite struct ThingPlanTests {
  private typealias Stored = ThingFiles.Stored

  @Test(
    arguments: [
      // What is in the files, the thing's certificates (nil: no thing), and what has to be done.
      (.nothing, nil, .add, [.makeKey, .createThing, .requestCertificate, .configure, .attachPolicy, .attachThing]),
      (.nothing, [], .finish, [.makeKey, .requestCertificate, .configure, .attachPolicy, .attachThing]),
      (.key, nil, .finish, [.createThing, .requestCertificate, .configure, .attachPolicy, .attachThing]),
      (.key, [], .finish, [.requestCertificate, .configure, .attachPolicy, .attachThing]),
      (.both(certificate: "a"), nil, .finish, [.createThing, .configure, .attachPolicy, .attachThing]),
      (.both(certificate: "a"), [], .finish, [.configure, .attachPolicy, .attachThing]),
    ] as [(ThingFiles.Stored, [String]?, StepKind, [ThingPlan.Action])])
  func steps(_ stored: ThingFiles.Stored, _ thing: [String]?, _ kind: StepKind, _ actions: [ThingPlan.Action]) {
    func plan(configures: Bool) -> ThingPlan {
      ThingPlan(
        systems: ["x-1"], files: ["x-1": stored], things: thing.map { ["x-1": $0] } ?? [:], unconfigured: configures ? ["x-1"] : [],
        configures: configures)
    }
    let certificate = stored.certificate
    #expect(plan(configures: true).steps == [ThingPlan.Step(id: "x-1", kind: kind, actions: actions, certificate: certificate)])
    let fewer = actions.filter { $0 != .configure }
    #expect(plan(configures: false).steps == [ThingPlan.Step(id: "x-1", kind: kind, actions: fewer, certificate: certificate)])
    #expect(plan(configures: true).complete.isEmpty)
  }

  @Test(
    arguments: [
      (.both(certificate: "a"), ["a"], "complete"), (.certificateAlone("a"), ["a"], "complete"),
      // Another certificate of the same thing is nobody's business here.
      (.both(certificate: "a"), ["b", "a"], "complete"),
      (.nothing, ["b"], "foreign"), (.key, ["b"], "foreign"), (.both(certificate: "a"), ["b"], "foreign"),
      (.certificateAlone("a"), ["b"], "foreign"), (.certificateAlone("a"), [], "keyless"), (.certificateAlone("a"), nil, "keyless"),
    ] as [(ThingFiles.Stored, [String]?, String)])
  func leftAlone(_ stored: ThingFiles.Stored, _ thing: [String]?, _ list: String) {
    let plan = ThingPlan(
      systems: ["x-1"], files: ["x-1": stored], things: thing.map { ["x-1": $0] } ?? [:], unconfigured: [], configures: true)
    #expect(plan.steps.isEmpty)
    #expect((plan.complete == ["x-1"]) == (list == "complete"))
    #expect((plan.foreign == ["x-1"]) == (list == "foreign"))
    #expect((plan.keyless == ["x-1"]) == (list == "keyless"))
  }

  @Test func aMissingConfigurationIsMade() {
    let plan = ThingPlan(
      systems: ["x-1", "x-2"], files: ["x-1": .both(certificate: "a"), "x-2": .both(certificate: "b")],
      things: ["x-1": ["a"], "x-2": ["b"]], unconfigured: ["x-2"], configures: true)
    #expect(plan.complete == ["x-1"])
    #expect(plan.steps == [ThingPlan.Step(id: "x-2", kind: .finish, actions: [.configure])])
  }

  @Test func saysHowMany() {
    let plan = ThingPlan(
      systems: ["a", "b", "c", "d", "e"], files: ["b": .key, "c": .both(certificate: "1"), "e": .certificateAlone("2")],
      things: ["c": ["1"], "d": ["3"]], unconfigured: [], configures: false)
    #expect(plan.summary == "1 to add, 1 to finish, 1 complete, 2 left alone")
  }
}
