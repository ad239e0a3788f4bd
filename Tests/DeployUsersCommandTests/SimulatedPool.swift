import TestSupport
import Unix
@testable import AWS

/// A user pool as Cognito has it, in simulated time: it may throttle, and it may be the last call that a run makes.
final class SimulatedPool: AWSClient {
  struct User: Equatable {
    var password: String
    var isPermanent: Bool
  }

  /// How a run dies.
  enum Death: CaseIterable {
    case beforeTheCall, beforeTheAnswer
  }

  private(set) var users: [String: User] = [:]
  /// Nanoseconds.
  private(set) var now: Int64 = 0
  private(set) var throttled = 0
  private(set) var refused: [String: String] = [:]
  /// Calls of each operation that are taken in a second.
  var quotas: [String: Int] = [:]
  private var waiting: [Pending] = []
  private var taken: [String: [Int64]] = [:]
  private var callsToLive: Int?
  private var death = Death.beforeTheCall
  private var random = SeededGenerator(7)
  private let policy = RetryPolicy(maximumAttempts: 8, repeatsUncertain: true)

  private struct Pending {
    var due: Int64
    var attempts: Int
    let call: AWSRequest
    let completion: RetryingClient.Completion
  }

  /// Nanoseconds for an answer.
  private static let latency: Int64 = 40_000_000

  var pendingCount: Int { waiting.count }
  var isDead: Bool { callsToLive == 0 }
  var statuses: [String: String] { users.mapValues { $0.isPermanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD" } }

  func put(_ name: String, _ user: User) { users[name] = user }
  func refuse(_ name: String, _ code: String) { refused[name] = code }

  /// A new run, which dies at its call of this number; nil: it lives.
  func begin(_ calls: Int?, _ death: Death = .beforeTheCall) {
    waiting = []
    callsToLive = calls
    self.death = death
  }

  func start(_ call: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion) {
    waiting.append(Pending(due: now + Self.latency, attempts: 1, call: call, completion: completion))
  }

  func wait(_ milliseconds: Int) {
    let limit = now + Int64(milliseconds) * 1_000_000
    guard let index = waiting.indices.min(by: { waiting[$0].due < waiting[$1].due }), waiting[index].due <= limit else {
      now = limit
      return
    }
    var pending = waiting.remove(at: index)
    now = max(now, pending.due)
    if let quota = quotas[pending.call.operation] {
      let recent = taken[pending.call.operation, default: []].filter { $0 > now - 1_000_000_000 }
      guard recent.count < quota else {
        throttled += 1
        let error = Self.error(.throttled, "TooManyRequestsException", pending.call)
        guard let pause = policy.pause(afterAttempts: pending.attempts, error, random: Double(random.pick(0...999)) / 1000) else {
          return pending.completion(.failure(error))
        }
        pending.attempts += 1
        pending.due = now + pause * 1_000_000
        waiting.append(pending)
        return
      }
      taken[pending.call.operation] = recent + [now]
    }
    answer(pending)
  }

  // A run that is dead goes on without effect: whatever it asks fails, so that it writes nothing any more.
  private func answer(_ pending: Pending) {
    if callsToLive == 0 { return pending.completion(.failure(Self.error(.transient, "", pending.call))) }
    if let calls = callsToLive { callsToLive = calls - 1 }
    let isLast = callsToLive == 0
    if isLast, death == .beforeTheCall { return pending.completion(.failure(Self.error(.transient, "", pending.call))) }
    let result = effect(of: pending.call)
    pending.completion(isLast ? .failure(Self.error(.transient, "", pending.call)) : result)
  }

  private func effect(of call: AWSRequest) -> Result<AWSResponse, AWSError> {
    let request = try? JSONValue(call.body.array)
    let name = request?["Username"]?.string ?? ""
    if let code = refused[name] { return .failure(Self.error(.refused, code, call)) }
    switch call.operation {
    case "AdminCreateUser":
      if users[name] != nil { return .failure(Self.error(.refused, "UsernameExistsException", call)) }
      users[name] = User(password: request?["TemporaryPassword"]?.string ?? "", isPermanent: false)
    case "AdminSetUserPassword":
      if users[name] == nil { return .failure(Self.error(.refused, "UserNotFoundException", call)) }
      users[name] = User(password: request?["Password"]?.string ?? "", isPermanent: request?["Permanent"] == .bool(true))
    case "AdminGetUser":
      guard let status = statuses[name] else { return .failure(Self.error(.refused, "UserNotFoundException", call)) }
      return .success(AWSResponse(requestId: "1", body: Array(#"{"Username":"\#(name)","UserStatus":"\#(status)","Enabled":true}"#.utf8)))
    default: return .failure(Self.error(.refused, "UnknownOperationException", call))
    }
    return .success(AWSResponse(requestId: "1", body: Array("{}".utf8)))
  }

  static func error(_ kind: AWSError.Kind, _ code: String, _ call: AWSRequest) -> AWSError {
    AWSError(kind: kind, code: code, detail: "said the test", host: "here", operation: call.operation)
  }
}
