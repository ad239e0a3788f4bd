import AWS
import Config
import TestSupport
import Testing
import Unix

@testable import DeployUsersCommand

@Suite struct ProvisioningTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("passwords.txt") }

  init() throws { folder = try TemporaryFolder() }

  /// One run of the program, from the plan to its end.
  private func run(
    _ pool: SimulatedPool, _ systems: [String], rotating: [String] = [], pace: Pace = Pace(usersPerSecond: 20),
    handOver: @escaping (String, Secret) throws -> Void = { _, _ in }
  ) throws -> Outcome {
    let file = try PasswordFile.open(path, .text)
    let plan = UserPlan(systems: systems, rotating: rotating, users: pool.statuses, recorded: file.ids)
    var random = SystemRandomNumberGenerator()
    let recipe = PasswordRecipe(minimumLength: 8)
    let provisioning = Provisioning(
      pool, pool: "eu-west-1_x", file: file, pace: pace,
      makePassword: { recipe.make { count in (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } } },
      handOver: handOver, now: { pool.now })
    return provisioning.run(plan.steps, wait: pool.wait)
  }

  private func recorded() throws -> [(id: String, password: String)] {
    String(decoding: try TextFile.read(path), as: UTF8.self).split(separator: "\n").compactMap { line in
      PasswordFormat.text.parse(String(line)).map { ($0.id, $0.password.text) }
    }
  }

  private func remove() { unlink(path) }

  /// What every history of runs has to end in: one recorded password for each, which is the one that is set.
  private func expectComplete(_ pool: SimulatedPool, _ ids: [String], _ history: String) throws {
    let recorded = try recorded()
    #expect(recorded.map(\.id).sorted() == ids.sorted(), "\(history)")
    for (id, password) in recorded {
      #expect(pool.users[id] == SimulatedPool.User(password: password, isPermanent: true), "\(id): \(history)")
    }
    let text = try TextFile.read(path)
    #expect(text.last == 0x0A && text.count { $0 == 0x0A } == ids.count, "\(history)")
  }

  /// How users stand before the first run: nobody has to begin with an empty pool.
  private func makePool(_ start: Int) throws -> SimulatedPool {
    let pool = SimulatedPool()
    remove()
    guard start > 0 else { return pool }
    let file = try PasswordFile.open(path, .text)
    // Another program's, not finished.
    pool.put("a-1", SimulatedPool.User(password: "temporary", isPermanent: false))
    // Recorded, and deleted by somebody since.
    try file.record("b-2", Secret("recorded-Password-of-b-2"))
    // Complete.
    try file.record("c-3", Secret("recorded-Password-of-c-3"))
    pool.put("c-3", SimulatedPool.User(password: "recorded-Password-of-c-3", isPermanent: true))
    return pool
  }

  @Test(arguments: [0, 1], SimulatedPool.Death.allCases)
  func aRunMayDieAnywhere(_ start: Int, _ death: SimulatedPool.Death) throws {
    let systems = ["a-1", "b-2", "c-3", "d-4"]
    var first = 0
    while true {
      first += 1
      var second = 0
      while true {
        second += 1
        let pool = try makePool(start)
        pool.begin(first, death)
        _ = try run(pool, systems)
        if !pool.isDead { break }
        // What nobody has set may be half on the disk.
        if second % 3 == 0 { try cutLastLine(pool, by: second * 5) }
        pool.begin(second, death)
        _ = try run(pool, systems)
        let isLong = pool.isDead
        pool.begin(nil)
        let outcome = try run(pool, systems)
        #expect(outcome.failure == nil && outcome.refused.isEmpty)
        try expectComplete(pool, systems, "died at \(first) and \(second), \(death)")
        if !isLong { break }
      }
      let pool = try makePool(start)
      pool.begin(first, death)
      _ = try run(pool, systems)
      if !pool.isDead { break }
    }
    #expect(first > 4)
  }

  @Test(arguments: SimulatedPool.Death.allCases)
  func aRotationMayDieAnywhere(_ death: SimulatedPool.Death) throws {
    let systems = ["a-1", "b-2", "c-3"]
    var died = 0
    while true {
      died += 1
      remove()
      let pool = SimulatedPool()
      _ = try run(pool, systems)
      let before = try recorded()
      // One whose password was set by somebody else.
      pool.put("x-9", SimulatedPool.User(password: "unknown", isPermanent: true))
      pool.begin(died, death)
      _ = try run(pool, [], rotating: ["b-2", "x-9"])
      let hasDied = pool.isDead
      pool.begin(nil)
      // The next run may be any.
      _ = try run(pool, systems)
      let after = try recorded()
      for (id, password) in after where pool.users[id]?.isPermanent == true {
        #expect(pool.users[id]?.password == password, "\(id) after death at \(died)")
      }
      #expect(Set(after.map(\.id)).isSuperset(of: systems) && Set(after.map(\.id)).count == after.count)
      for id in ["a-1", "c-3"] { #expect(before.first { $0.id == id }?.password == after.first { $0.id == id }?.password) }
      _ = try run(pool, [], rotating: ["b-2", "x-9"])
      try expectComplete(pool, systems + ["x-9"], "rotation died at \(died), \(death)")
      let rotated = try recorded()
      #expect(before.first { $0.id == "b-2" }?.password != rotated.first { $0.id == "b-2" }?.password)
      if !hasDied { break }
    }
    #expect(died > 4)
  }

  @Test func whatIsRecordedIsSetAndWhatIsCompleteIsLeftAlone() throws {
    let pool = try makePool(1)
    _ = try run(pool, ["a-1", "b-2", "c-3"])
    for id in ["b-2", "c-3"] { #expect(pool.users[id]?.password == "recorded-Password-of-\(id)") }
    try expectComplete(pool, ["a-1", "b-2", "c-3"], "one run")
    let users = pool.users
    pool.begin(1)
    #expect(try run(pool, ["a-1", "b-2", "c-3"]).ended == 0)
    #expect(!pool.isDead && pool.users == users)
  }

  // Only what no call has used yet can be so.
  private func cutLastLine(_ pool: SimulatedPool, by count: Int) throws {
    guard let last = try recorded().last, pool.users[last.id]?.isPermanent != true else { return }
    let text = try TextFile.read(path)
    let line = PasswordFormat.text.line(last.id, Secret(last.password)).utf8.count + 1
    try folder.overwrite("passwords.txt", String(decoding: text.dropLast(min(count, line - 1)), as: UTF8.self))
  }

  @Test func quotasAreKeptAndThrottlingIsSurvived() throws {
    let systems = (0..<500).map { "dev-\($0)" }
    for (rate, isThrottled) in [(20, false), (200, true)] {
      remove()
      let pool = SimulatedPool()
      pool.quotas = ["AdminCreateUser": 50, "AdminSetUserPassword": 30]
      let outcome = try run(pool, systems, pace: Pace(usersPerSecond: rate))
      #expect(outcome.done == 500 && outcome.failure == nil)
      #expect((pool.throttled > 0) == isThrottled, "\(pool.throttled) at \(rate) a second")
      if !isThrottled { #expect((24_900_000_000...26_000_000_000).contains(pool.now)) }
      try expectComplete(pool, systems, "\(rate) a second")
    }
  }

  @Test func aUserWhoTurnsOutToBeThereIsLookedAt() throws {
    let pool = SimulatedPool()
    let file = try PasswordFile.open(path, .text)
    pool.put("a-1", SimulatedPool.User(password: "somebody's", isPermanent: true))
    pool.put("b-2", SimulatedPool.User(password: "temporary", isPermanent: false))
    // As the list of users was, which is a little behind.
    let plan = UserPlan(systems: ["a-1", "b-2"], users: [:], recorded: [])
    let provisioning = Provisioning(
      pool, pool: "p", file: file, pace: Pace(usersPerSecond: 20), makePassword: { Secret("a-Password-0") }, now: { pool.now })
    let outcome = provisioning.run(plan.steps, wait: pool.wait)
    #expect((outcome.done, outcome.complete) == (1, 1))
    #expect(file.ids == ["b-2"])
    #expect(pool.users["a-1"]?.password == "somebody's")
    #expect(pool.users["b-2"] == SimulatedPool.User(password: "a-Password-0", isPermanent: true))
  }

  @Test func oneUserWhoIsRefusedDoesNotHoldUpTheOthers() throws {
    let pool = SimulatedPool()
    pool.refuse("b-2", "InvalidParameterException")
    let outcome = try run(pool, ["a-1", "b-2", "c-3"])
    #expect(outcome.done == 2 && outcome.failure == nil)
    #expect(outcome.refused.map(\.id) == ["b-2"])
    try expectComplete(pool, ["a-1", "c-3"], "one refused")
  }

  @Test func whereAllAreRefusedItEnds() throws {
    let pool = SimulatedPool()
    let systems = (0..<100).map { "dev-\($0)" }
    for id in systems { pool.refuse(id, "InvalidParameterException") }
    let outcome = try run(pool, systems)
    #expect(outcome.failure != nil)
    #expect((20..<40).contains(outcome.refused.count))
  }

  @Test func nothingIsSetBeforeItIsHandedOver() throws {
    struct Full: Failure {
      let message = "no room"
      let status = ExitStatus.cannotWrite
    }
    let pool = SimulatedPool()
    let outcome = try run(pool, ["a-1"], handOver: { _, _ in throw Full() })
    #expect(outcome.failure is Full)
    #expect(pool.statuses == ["a-1": "FORCE_CHANGE_PASSWORD"])
    var handedOver: [String: String] = [:]
    _ = try run(pool, ["a-1"], handOver: { handedOver[$0] = $1.text })
    #expect(handedOver["a-1"] == pool.users["a-1"]?.password)
    try expectComplete(pool, ["a-1"], "handed over")
  }
}
