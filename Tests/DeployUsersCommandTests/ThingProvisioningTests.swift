import AWS
import Config
import TestSupport
import Testing
import Unix

@testable import DeployUsersCommand

@Suite struct ThingProvisioningTests {
  private let folder: TemporaryFolder
  private let files: ThingFiles

  init() throws {
    folder = try TemporaryFolder()
    files = ThingFiles(folder: DeviceFolder(path: folder.file("etc")))
  }

  private struct Died: Failure {
    let message = "died"
    let status = ExitStatus.cannotWrite
  }

  private func plan(_ iot: SimulatedIoT, _ systems: [String], configures: Bool = true) throws -> ThingPlan {
    let stored = try Dictionary(uniqueKeysWithValues: systems.map { ($0, try files.stored($0)) })
    let things = try ThingRegistry(client: iot).certificates(of: systems, wait: iot.wait, now: { iot.now })
    let unconfigured = configures ? Set(systems.filter { !files.folder.has($0) }) : []
    return ThingPlan(systems: systems, files: stored, things: things, unconfigured: unconfigured, configures: configures)
  }

  /// One run of the program, from the plan to its end.
  private func run(_ iot: SimulatedIoT, _ systems: [String]) throws -> Outcome {
    let steps = try plan(iot, systems).steps
    let provisioning = ThingProvisioning(iot, files: files, policy: "P", arn: SimulatedIoT.arn) { id in
      guard iot.event() else { throw Died() }
      try files.folder.write(Array(id.utf8), id)
    }
    return provisioning.run(steps, wait: iot.wait, now: { iot.now })
  }

  /// A run that dies at its event of this number. Whether it did.
  private func run(_ iot: SimulatedIoT, _ systems: [String], dyingAt event: Int, _ death: SimulatedIoT.Death) -> Bool {
    iot.begin(event, death)
    _ = try? run(iot, systems)
    let hasDied = iot.isDead
    iot.begin(nil)
    return hasDied
  }

  /// What must hold whenever a run dies: who has any rights is in the files, with the key.
  private func expectNothingForeign(_ iot: SimulatedIoT, _ history: String) throws {
    for (arn, certificate) in iot.certificates where !certificate.policies.isEmpty {
      let id = try #require(try systems.first { try files.stored($0) == .both(certificate: Self.name(arn)) }, "\(history)")
      #expect(files.folder.has(id), "\(id): \(history)")
    }
    for (id, arns) in iot.things {
      for arn in arns { #expect(try files.stored(id) == .both(certificate: Self.name(arn)), "\(id): \(history)") }
    }
  }

  private func expectComplete(_ iot: SimulatedIoT, _ systems: [String], _ history: String) throws {
    try expectNothingForeign(iot, history)
    #expect(iot.things.keys.sorted() == systems.sorted(), "\(history)")
    for (id, arns) in iot.things {
      #expect(arns.count == 1, "\(id): \(history)")
      for arn in arns { #expect(iot.certificates[arn]?.policies == ["P"], "\(id): \(history)") }
    }
    #expect(try plan(iot, systems).complete == systems, "\(history)")
  }

  private static func name(_ arn: String) -> String { String(arn.split(separator: "/").last ?? "") }

  private let systems = ["a-1", "b-2", "c-3", "d-4"]

  /// Nobody has to begin with nothing: a key, a certificate in a file, and a system that is complete.
  private func begin() throws -> SimulatedIoT {
    for id in systems { for suffix in ["key", "pem", "json"] { unlink(files.folder.file(id, suffix)) } }
    let iot = SimulatedIoT()
    try files.makeKey("b-2")
    for id in ["c-3", "d-4"] {
      try files.makeKey(id)
      let certificate = try #require(iot.make(files.request(id)))
      try files.keep(id, certificate: certificate)
    }
    guard case .both(let certificate) = try files.stored("d-4") else { throw Died() }
    iot.put("d-4", [SimulatedIoT.arn(certificate)])
    iot.grant(SimulatedIoT.arn(certificate), "P")
    try files.folder.write([], "d-4")
    return iot
  }

  @Test(arguments: SimulatedIoT.Death.allCases)
  func aRunMayDieAnywhere(_ death: SimulatedIoT.Death) throws {
    var first = 0
    var hasDied = true
    while hasDied {
      first += 1
      var second = first % 3
      var hasDiedAgain = true
      while hasDied, hasDiedAgain {
        second += 3
        let iot = try begin()
        let history = "died at \(first) and \(second), \(death)"
        hasDied = run(iot, systems, dyingAt: first, death)
        try expectNothingForeign(iot, history)
        let keys = try keys()
        hasDiedAgain = run(iot, systems, dyingAt: second, death)
        try expectNothingForeign(iot, history)
        let outcome = try run(iot, systems)
        #expect(outcome.failure == nil && outcome.refused.isEmpty)
        try expectComplete(iot, systems, history)
        // A key that is there is used, whatever came after it.
        for (id, key) in keys { #expect(try TextFile.read(files.folder.file(id, "key")) == key, "\(id): \(history)") }
      }
    }
    #expect(first > 15)
  }

  private func keys() throws -> [String: [UInt8]] {
    let present = systems.filter { files.folder.has($0, "key") }
    return try Dictionary(uniqueKeysWithValues: present.map { ($0, try TextFile.read(files.folder.file($0, "key"))) })
  }

  @Test func quotasAreKept() throws {
    let systems = (0..<40).map { "dev-\($0)" }
    let iot = SimulatedIoT()
    #expect(try run(iot, systems).done == 40)
    try expectOnlyThese(iot, systems)
    for (operation, quota) in [("CreateCertificateFromCsr", 15), ("AttachPolicy", 15), ("CreateThing", 100), ("ListThingPrincipals", 100)] {
      let moments = iot.history.filter { $0.operation == operation }.map(\.moment)
      for moment in moments { #expect(moments.count { (moment..<moment + 1_000_000_000).contains($0) } <= quota, "\(operation)") }
    }
    // At ten a second, after the look at what is there.
    #expect((4_000_000_000...6_000_000_000).contains(iot.now))
    let before = iot.things
    let outcome = try run(iot, systems)
    #expect(outcome.done == 0 && iot.things == before)
  }

  private func expectOnlyThese(_ iot: SimulatedIoT, _ systems: [String]) throws {
    #expect(try plan(iot, systems).complete == systems)
    #expect(iot.certificates.count == systems.count)
  }

  @Test func allPagesOfAThingAreRead() throws {
    let iot = SimulatedIoT()
    iot.put(
      "x-1",
      ["arn:cert/1", "arn:cert/2", "us-east-1:an-identity-of-cognito", "arn:cert/3"].map { $0.replacing("arn:", with: "arn:aws:iot:r:1:") })
    let found = try ThingRegistry(client: iot).certificates(of: ["x-1", "y-2"], wait: iot.wait, now: { iot.now })
    #expect(found == ["x-1": ["1", "2", "3"]])
  }

  /// One run of `--rotate`, from the plan to its end.
  private func rotate(_ iot: SimulatedIoT, _ id: String) throws -> Outcome {
    let things = try ThingRegistry(client: iot).certificates(of: [id], wait: iot.wait, now: { iot.now })
    var stored = try files.stored(id)
    if stored.mustMakeRoom(for: things[id] ?? []) {
      guard iot.event() else { throw Died() }
      try files.setAside(id)
      stored = .nothing
    }
    let plan = ThingPlan(rotating: [id], files: [id: stored], things: things, configures: true)
    let provisioning = ThingProvisioning(iot, files: files, policy: "P", arn: SimulatedIoT.arn) { id in
      guard iot.event() else { throw Died() }
      try files.folder.write(Array(id.utf8), id)
    }
    return provisioning.run(plan.steps, wait: iot.wait, now: { iot.now })
  }

  /// Whatever a run of `--rotate` dies of: at no moment is there nothing that signs in, and in the end there is one thing that does.
  @Test(arguments: SimulatedIoT.Death.allCases)
  func rotationLeavesOneCertificateActive(_ death: SimulatedIoT.Death) throws {
    var event = 0
    var hasDied = true
    while hasDied {
      event += 1
      for suffix in ["key", "pem", "key.old", "pem.old"] { unlink(files.folder.file("a-1", suffix)) }
      let iot = SimulatedIoT()
      #expect(try run(iot, ["a-1"]).done == 1)
      let key = try TextFile.read(files.folder.file("a-1", "key"))
      iot.begin(event, death)
      _ = try? rotate(iot, "a-1")
      hasDied = iot.isDead
      iot.begin(nil)
      let attached = iot.things["a-1"] ?? []
      #expect(attached.contains { iot.certificates[$0]?.isActive == true && iot.certificates[$0]?.policies == ["P"] }, "died at \(event)")
      if hasDied { #expect(try rotate(iot, "a-1").done == 1, "died at \(event)") }
      let active = (iot.things["a-1"] ?? []).filter { iot.certificates[$0]?.isActive == true }
      #expect(active.count == 1, "died at \(event)")
      #expect(try files.stored("a-1") == .both(certificate: Self.name(active.first ?? "")), "died at \(event)")
      #expect(try TextFile.read(files.folder.file("a-1", "key")) != key)
      #expect(try plan(iot, ["a-1"]).complete == ["a-1"])
    }
    #expect(event > 5)
  }

  @Test func oneThatIsRefusedDoesNotHoldUpTheOthers() throws {
    let iot = SimulatedIoT()
    iot.refused = ["CreateThing b-2": "InvalidRequestException", "CreateThing c-3": "ResourceAlreadyExistsException"]
    iot.put("c-3")
    let outcome = try run(iot, ["a-1", "b-2", "c-3"])
    #expect(outcome.done == 2 && outcome.failure == nil)
    #expect(outcome.refused.map(\.id) == ["b-2"])
    try expectComplete(iot, ["a-1", "c-3"], "one refused")
  }

  @Test func aThingWithAttributesIsAThing() throws {
    let iot = SimulatedIoT()
    let steps = try plan(iot, ["a-1"]).steps
    iot.refused = ["CreateThing a-1": "ResourceAlreadyExistsException"]
    iot.put("a-1")
    let provisioning = ThingProvisioning(iot, files: files, policy: "P", arn: SimulatedIoT.arn) { try files.folder.write([], $0) }
    #expect(provisioning.run(steps, wait: iot.wait, now: { iot.now }).done == 1)
    try expectComplete(iot, ["a-1"], "with attributes")
  }

  @Test func withoutPermissionItEndsAndNamesTheAction() throws {
    let iot = SimulatedIoT()
    iot.refused = ["AttachPolicy P": "AccessDeniedException"]
    let outcome = try run(iot, (0..<100).map { "dev-\($0)" })
    #expect(outcome.failure?.status == .noPermission)
    #expect(outcome.failure?.message.contains("needs iot:AttachPolicy") == true)
    #expect(outcome.done == 0 && iot.things.count < 30)
  }

  @Test func aCertificateOfAnotherRegionIsExplained() throws {
    let iot = try begin()
    let other = SimulatedIoT()
    let outcome = try run(other, ["c-3", "d-4", "a-1"])
    #expect(outcome.done == 1)
    #expect(outcome.refused.map(\.id).sorted() == ["c-3", "d-4"])
    #expect(
      outcome.refused.allSatisfy {
        $0.reason.hasSuffix("\($0.id).pem made for another region or account? give another --config-dir")
      })
    #expect(try plan(iot, ["d-4"]).complete == ["d-4"])
  }

  @Test func whereAllAreRefusedItEnds() throws {
    let iot = SimulatedIoT()
    let systems = (0..<100).map { "dev-\($0)" }
    for id in systems { iot.refused["CreateThing \(id)"] = "InvalidRequestException" }
    let outcome = try run(iot, systems)
    #expect(outcome.failure != nil)
    #expect((20..<40).contains(outcome.refused.count))
  }
}
