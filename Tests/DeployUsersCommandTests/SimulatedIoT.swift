import TestSupport
import Unix
@testable import AWS

/// Things and certificates as IoT keeps them, in simulated time. Any call may be the last that a run makes.
final class SimulatedIoT: AWSClient {
  /// How a run dies.
  enum Death: CaseIterable {
    case beforeTheCall, beforeTheAnswer
  }

  struct Certificate: Equatable {
    var policies: [String] = []
    var isActive = true
  }

  /// The certificates of each thing, by their ARNs.
  private(set) var things: [String: [String]] = [:]
  private(set) var certificates: [String: Certificate] = [:]
  /// Nanoseconds.
  private(set) var now: Int64 = 0
  /// When which operation was called.
  private(set) var history: [(operation: String, moment: Int64)] = []
  /// By operation and, at the end of the path, a name: the code by which such calls are refused.
  var refused: [String: String] = [:]
  /// Certificates on a page of a thing's.
  var pageSize = 1
  private var waiting: [(due: Int64, call: AWSRequest, completion: RetryingClient.Completion)] = []
  private var eventsToLive: Int?
  private var death = Death.beforeTheCall
  private let authority = TestAuthority()

  var pendingCount: Int { waiting.count }
  var isDead: Bool { eventsToLive == 0 }

  static func arn(_ certificate: String) -> String { "arn:aws:iot:eu-west-1:000000000000:cert/\(certificate)" }

  func put(_ thing: String, _ certificates: [String] = []) { things[thing] = certificates }
  func grant(_ arn: String, _ policy: String) { certificates[arn, default: Certificate()].policies.append(policy) }

  /// A certificate that nobody has attached.
  func make(_ request: String) -> String? {
    guard let pem = authority.certificate(request), let name = try? X509Identity.fingerprint(Array(pem.utf8), name: "") else { return nil }
    certificates[Self.arn(name)] = Certificate()
    return pem
  }

  /// A new run, which dies at its event of this number; nil: it lives.
  func begin(_ events: Int?, _ death: Death = .beforeTheCall) {
    waiting = []
    eventsToLive = events
    self.death = death
  }

  /// Something else than a call, at which a run may die too.
  func event() -> Bool {
    guard let events = eventsToLive else { return true }
    eventsToLive = max(events - 1, 0)
    return events > 1
  }

  func start(_ call: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion) {
    waiting.append((now + 40_000_000, call, completion))
  }

  func wait(_ milliseconds: Int) {
    let limit = now + Int64(milliseconds) * 1_000_000
    guard let index = waiting.indices.min(by: { waiting[$0].due < waiting[$1].due }), waiting[index].due <= limit else {
      now = limit
      return
    }
    let pending = waiting.remove(at: index)
    now = max(now, pending.due)
    history.append((pending.call.operation, now))
    // A run that is dead goes on without effect: whatever it asks fails, so that it writes nothing any more.
    let isOver = isDead
    let lives = event()
    if !lives, isOver || death == .beforeTheCall { return pending.completion(.failure(Self.error(.transient, "", pending.call))) }
    let result = effect(of: pending.call)
    pending.completion(lives ? result : .failure(Self.error(.transient, "", pending.call)))
  }

  private func effect(of call: AWSRequest) -> Result<AWSResponse, AWSError> {
    let path = call.path.split(separator: "/").map(String.init)
    let body = try? JSONValue(call.body.array)
    func query(_ name: String) -> String? { call.query.first { $0.name == name }?.value }
    let name = path.count > 1 ? path[1] : ""
    if let code = refused["\(call.operation) \(name)"] {
      return .failure(Self.error(code == "AccessDeniedException" ? .accessDenied : .refused, code, call))
    }
    switch (call.method, path.first, path.count) {
    case ("POST", "things", 2):
      things[name, default: []] += []
      return Self.answer(#"{"thingName":"\#(name)"}"#)
    case ("GET", "things", 3):
      guard let all = things[name] else { return .failure(Self.error(.refused, "ResourceNotFoundException", call)) }
      let start = query("nextToken").flatMap { Int($0) } ?? 0
      let page = all.dropFirst(start).prefix(pageSize).map { #""\#($0)""# }.joined(separator: ",")
      let next = start + pageSize < all.count ? #","nextToken":"\#(start + pageSize)""# : ""
      return Self.answer(#"{"principals":[\#(page)]\#(next)}"#)
    case ("POST", "certificates", 1):
      guard query("setAsActive") == "true", let pem = body?["certificateSigningRequest"]?.string.flatMap(make),
        let name = try? X509Identity.fingerprint(Array(pem.utf8), name: "")
      else { return .failure(Self.error(.refused, "InvalidRequestException", call)) }
      let text = pem.split(separator: "\n").joined(separator: "\\n")
      return Self.answer(#"{"certificateArn":"\#(Self.arn(name))","certificatePem":"\#(text)\n"}"#)
    case ("PUT", "certificates", 2):
      guard query("newStatus") == "INACTIVE", certificates[Self.arn(name)] != nil else {
        return .failure(Self.error(.refused, "ResourceNotFoundException", call))
      }
      certificates[Self.arn(name)]?.isActive = false
      return Self.answer("")
    case ("PUT", "target-policies", 2):
      guard let target = body?["target"]?.string, certificates[target] != nil else {
        return .failure(Self.error(.refused, "ResourceNotFoundException", call))
      }
      if certificates[target]?.policies.contains(name) == false { grant(target, name) }
      return Self.answer("")
    case ("PUT", "things", 3):
      guard let principal = call.headers.first(where: { $0.name == "x-amzn-principal" })?.value, certificates[principal] != nil,
        let present = things[name]
      else { return .failure(Self.error(.refused, "ResourceNotFoundException", call)) }
      if !present.contains(principal) { things[name]?.append(principal) }
      return Self.answer("{}")
    default: return .failure(Self.error(.refused, "InvalidRequestException", call))
    }
  }

  private static func answer(_ body: String) -> Result<AWSResponse, AWSError> {
    .success(AWSResponse(requestId: "1", body: Array(body.utf8)))
  }

  private static func error(_ kind: AWSError.Kind, _ code: String, _ call: AWSRequest) -> AWSError {
    AWSError(kind: kind, code: code, detail: "said the test", host: "here", operation: call.operation)
  }
}
