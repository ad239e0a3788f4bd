internal import AWS
internal import Unix

/// Carries out a plan of things. It may die at any moment: the plan of the next run goes on from the state of IoT and the files.
final class ThingProvisioning {
  private let client: any AWSClient
  private let files: ThingFiles
  private let policy: String
  private let arn: (_ certificate: String) -> String
  private let handOver: (_ id: String) throws -> Void
  private var outcome = Outcome()
  private var underWay = 0

  /// IoT takes 15 CreateCertificateFromCsr and 15 AttachPolicy a second from an account and region ("AWS IoT Core endpoints and
  /// quotas"); this leaves room for other programs.
  static let perSecond = 10

  /// - Parameters:
  ///   - policy: the policy that every certificate gets.
  ///   - arn: the ARN of a certificate by its id.
  ///   - handOver: writes the machine's configuration.
  init(
    _ client: any AWSClient, files: ThingFiles, policy: String, arn: @escaping (_ certificate: String) -> String,
    handOver: @escaping (_ id: String) throws -> Void
  ) {
    self.client = client
    self.files = files
    self.policy = policy
    self.arn = arn
    self.handOver = handOver
  }

  /// Returns when every call has ended.
  func run(
    _ steps: [ThingPlan.Step], wait: (_ milliseconds: Int) -> Void, progress: (_ done: Int) -> Void = { _ in },
    now: () -> Int64 = Clock.monotonicNanoseconds
  ) -> Outcome {
    func begin(_ step: ThingPlan.Step) {
      underWay += 1
      Work(self, step).advance()
    }
    // A step that only writes a file needs no pace.
    let isLocal = { (step: ThingPlan.Step) in step.actions == [.configure] }
    for step in steps where isLocal(step) && outcome.failure == nil { begin(step) }
    var pace = Pace(usersPerSecond: Self.perSecond)
    pace.run(
      steps.filter { !isLocal($0) }, now: now, isStopped: { outcome.failure != nil }, underWay: { underWay }, begin: begin, wait: wait,
      progress: { progress(outcome.ended) })
    return outcome
  }

  /// The work on one system.
  private final class Work {
    private let provisioning: ThingProvisioning
    private let id: String
    private var rest: ArraySlice<ThingPlan.Action>
    private var certificate: String?
    private let wasStored: Bool
    private var replaced: ArraySlice<String>

    init(_ provisioning: ThingProvisioning, _ step: ThingPlan.Step) {
      self.provisioning = provisioning
      id = step.id
      rest = step.actions[...]
      certificate = step.certificate
      wasStored = step.certificate != nil
      replaced = step.replaced[...]
    }

    func advance() {
      guard let action = rest.popFirst() else {
        provisioning.outcome.done += 1
        provisioning.underWay -= 1
        return
      }
      do {
        switch action {
        case .makeKey:
          try provisioning.files.makeKey(id)
          advance()
        case .createThing: send(IoT.createThing(id))
        case .requestCertificate: send(IoT.createCertificateFromCsr(try provisioning.files.request(id)), then: keep)
        case .configure:
          try provisioning.handOver(id)
          advance()
        case .attachPolicy: send(IoT.attachPolicy(provisioning.policy, certificate: arn))
        case .attachThing: send(IoT.attachThingPrincipal(id, certificate: arn))
        case .deactivate:
          guard let next = replaced.popFirst() else { return advance() }
          // They are deactivated one after another.
          rest = [.deactivate] + rest
          send(IoT.deactivate(certificate: next))
        }
      } catch {
        fail(error)
      }
    }

    private var arn: String { provisioning.arn(certificate ?? "") }

    private func keep(_ response: AWSResponse) throws {
      guard let (arn, pem) = IoT.certificate(response) else {
        throw CommandError(.unavailable, "IoT answered something else than a certificate")
      }
      certificate = try X509Identity.fingerprint(Array(pem.utf8), name: "the answer of IoT")
      guard arn == self.arn else { throw CommandError(.unavailable, "IoT made the certificate \(arn), where \(self.arn) was expected") }
      try provisioning.files.keep(id, certificate: pem)
    }

    private func check(_ response: AWSResponse) throws {
      guard IoT.isDone(response) else { throw CommandError(.unavailable, "IoT answered something that is no answer of it") }
    }

    private func send(_ request: AWSRequest, then use: ((AWSResponse) throws -> Void)? = nil) {
      provisioning.client.start(request) { [self] result in
        do {
          let response = try result.get()
          if let use { try use(response) } else { try check(response) }
          advance()
        } catch let error as AWSError where error.code == "ResourceAlreadyExistsException" {
          // The thing has attributes, so that another program has made it.
          advance()
        } catch {
          fail(error)
        }
      }
    }

    private func fail(_ error: any Error) {
      provisioning.underWay -= 1
      let isUnknown = wasStored && (error as? AWSError)?.code == "ResourceNotFoundException"
      provisioning.outcome.fail(id, error, of: IoT.service, advice: isUnknown ? advice : nil)
    }

    private var advice: String {
      "was \(provisioning.files.folder.file(id, "pem")) made for another region or account? give another --config-dir"
    }
  }
}
