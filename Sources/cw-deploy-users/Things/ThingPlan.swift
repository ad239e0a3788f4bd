/// What is to be done so that every system has a thing with a certificate that signs in, or another one. Nothing is ever deleted.
struct ThingPlan: Equatable {
  enum Kind: String, CaseIterable {
    /// Nothing of it is there.
    case add
    /// A run has died, somebody else has begun, or a file is missing.
    case finish
    /// Another certificate, in place of those that it has.
    case rotate
  }

  /// In this order, each of which may be the last.
  ///
  /// IoT itself remembers that a system is not finished: until the last action its thing has no certificate. So a certificate that is
  /// attached is one whose key and configuration are on the disk; one whose answer was lost never gets any rights.
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
    /// UpdateCertificate of those that are replaced.
    case deactivate
  }

  struct Step: Equatable {
    let id: String
    let kind: Kind
    let actions: [Action]
    /// The one that is in the file.
    var certificate: String?
    /// The certificates that sign in no longer when all else is done.
    var replaced: [String] = []
  }

  private(set) var steps: [Step] = []
  /// Systems whose certificate signs in.
  private(set) var complete: [String] = []
  /// Systems that can sign in already by a certificate which is in no file here.
  private(set) var foreign: [String] = []
  /// Systems that have a certificate in a file, which is not attached, and no key.
  private(set) var keyless: [String] = []

  /// - Parameters:
  ///   - files: of each system.
  ///   - things: the certificates of each thing, by the names that IoT gives them; those that are not there are missing.
  ///   - unconfigured: who needs a configuration file and has none.
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

  /// For systems that shall have another certificate, and whose files are set aside unless they are those of another certificate that an
  /// earlier run has not brought into use.
  init(rotating systems: [String], files: [String: ThingFiles.Stored], things: [String: [String]], configures: Bool) {
    let without = things.mapValues { _ in [String]() }
    self.init(systems: systems, files: files, things: without, unconfigured: [], configures: configures)
    steps = steps.map { step in
      Step(
        id: step.id, kind: .rotate, actions: step.actions + [.deactivate], certificate: step.certificate, replaced: things[step.id] ?? [])
    }
  }

  func count(_ kind: Kind) -> Int { steps.count { $0.kind == kind } }

  /// `10 to add, 2 to finish, 188 complete`
  var summary: String {
    let parts = Kind.allCases.compactMap { kind in count(kind) > 0 ? "\(count(kind)) to \(kind.rawValue)" : nil }
    let left = foreign.count + keyless.count
    return (parts + ["\(complete.count) complete"] + (left > 0 ? ["\(left) left alone"] : [])).joined(separator: ", ")
  }
}

extension ThingFiles.Stored {
  /// Whether what is in the files can be no part of another identity: the certificate is in use, or its key is elsewhere.
  /// - Parameter attached: the thing's certificates.
  func mustMakeRoom(for attached: [String]) -> Bool {
    switch self {
    case .both(let certificate): attached.contains(certificate)
    case .certificateAlone: true
    case .nothing, .key: false
    }
  }

  /// By the name that IoT has for it.
  var certificate: String? {
    switch self {
    case .both(let certificate), .certificateAlone(let certificate): certificate
    case .nothing, .key: nil
    }
  }
}
