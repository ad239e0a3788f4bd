/// The steps after which every system has a thing with a certificate that signs in, or a new one. Nothing is ever deleted.
struct ThingPlan: Plan, Equatable {
  /// The actions in their order; a run may end after any of them.
  ///
  /// IoT itself records that a system is not finished: until the last action its thing has no certificate. So the key and the
  /// configuration of an attached certificate are on the disk; a certificate whose response was lost never gets any rights.
  enum Action: CaseIterable {
    /// A private key is on the disk.
    case makeKey
    /// CreateThing.
    case createThing
    /// CreateCertificateFromCsr; the certificate is on the disk.
    case requestCertificate
    /// The machine's configuration is on the disk.
    case configure
    case attachPolicy
    case attachThing
    /// UpdateCertificate for the replaced certificates.
    case deactivate
  }

  struct Step: PlanStep, Equatable {
    let id: String
    let kind: StepKind
    let actions: [Action]
    /// The certificate in the file; nil: there is none.
    var certificate: String?
    /// The certificates that are deactivated at the end.
    var replaced: [String] = []
  }

  private(set) var steps: [Step] = []
  /// Systems whose certificate signs in.
  private(set) var complete: [String] = []
  /// Systems that sign in by a certificate that is in no file here.
  private(set) var foreign: [String] = []
  /// Systems with a certificate in a file that is not attached, and no key.
  private(set) var keyless: [String] = []

  /// - Parameters:
  ///   - files: the files of each system.
  ///   - things: the certificates of each thing by their ids in IoT; systems without a thing are missing.
  ///   - unconfigured: systems that need a configuration file and have none.
  init(systems: [String], files: [String: ThingFiles.Stored], things: [String: [String]], unconfigured: Set<String>, configures: Bool) {
    for id in systems {
      let stored = files[id] ?? .nothing
      let attached = things[id] ?? []
      if let certificate = stored.certificate, attached.contains(certificate) {
        if unconfigured.contains(id) { steps.append(Step(id: id, kind: .finish, actions: [.configure])) } else { complete.append(id) }
      } else if !attached.isEmpty {
        foreign.append(id)
      } else if case .certificateAlone = stored {
        keyless.append(id)
      } else {
        let done: Set<Action> = stored == .nothing ? [] : stored == .key ? [.makeKey] : [.makeKey, .requestCertificate]
        let actions = Action.allCases.filter { action in
          switch action {
          case .createThing: things[id] == nil
          case .configure: configures
          case .deactivate: false
          default: !done.contains(action)
          }
        }
        let isNew = stored == .nothing && things[id] == nil
        steps.append(Step(id: id, kind: isNew ? .add : .finish, actions: actions, certificate: stored.certificate))
      }
    }
  }

  /// A plan for systems that get a new certificate. Their files are set aside, unless an earlier run has made them for this and not brought
  /// them into use.
  init(rotating systems: [String], files: [String: ThingFiles.Stored], things: [String: [String]], configures: Bool) {
    let without = things.mapValues { _ in [String]() }
    self.init(systems: systems, files: files, things: without, unconfigured: [], configures: configures)
    steps = steps.map { step in
      Step(
        id: step.id, kind: .rotate, actions: step.actions + [.deactivate], certificate: step.certificate, replaced: things[step.id] ?? [])
    }
  }

  var leftAlone: Int { foreign.count + keyless.count }
}

extension ThingFiles.Stored {
  /// Whether the files cannot be used for a new certificate: the stored one is in use, or its key is elsewhere.
  /// - Parameter attached: the thing's certificates.
  func mustMakeRoom(for attached: [String]) -> Bool {
    switch self {
    case .both(let certificate): attached.contains(certificate)
    case .certificateAlone: true
    case .nothing, .key: false
    }
  }

  /// The certificate by its id in IoT; nil: there is none.
  var certificate: String? {
    switch self {
    case .both(let certificate), .certificateAlone(let certificate): certificate
    case .nothing, .key: nil
    }
  }
}
