internal import ArgumentParser
internal import AWS
internal import Config
internal import Unix

struct IoTThings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iot",
    abstract: "Machines sign in as things of AWS IoT, with certificates.",
    discussion: """
      Without --rotate and --disable: creates or updates the stack, then adds a thing and a certificate for each id in systems.txt that has none. Private keys are \
      made here and stay here: DIR/ID.key and DIR/ID.pem are what a machine needs, and with --template DIR/ID.json, its configuration.
      """)

  @OptionGroup var options: DeployOptions

  @Option(
    help: ArgumentHelp("Where machines have their certificate and key, for the configurations.", valueName: "dir"), completion: .directory)
  var deviceDir = "/opt/aws/amazon-cloudwatch-publisher/etc"

  @Option(help: ArgumentHelp("Give this thing another key and certificate, and deactivate the old; may be repeated.", valueName: "id"))
  var rotate: [String] = []

  @Option(help: ArgumentHelp("Deactivate this thing's certificates, so that it cannot sign in; may be repeated.", valueName: "id"))
  var disable: [String] = []

  func validate() throws {
    guard rotate.isEmpty || disable.isEmpty else { throw ValidationError("--rotate and --disable exclude each other") }
    for id in rotate + disable where !Systems.isValid(id) || validationError(id) != nil { throw ValidationError("'\(id)' is no id") }
    if let id = rotate.first(where: { id in rotate.count { $0 == id } > 1 }) { throw ValidationError("--rotate \(id) is given twice") }
    if !disable.isEmpty { return }
    guard let folder = options.configDir, !folder.isEmpty else {
      throw ValidationError("--config-dir is missing; it says where keys and certificates are kept")
    }
    guard deviceDir.hasPrefix("/") else { throw ValidationError("--device-dir is a path that begins with a slash") }
  }

  func run() throws {
    if !disable.isEmpty { return try disableThings() }
    let systems = try rotate.isEmpty ? Systems.load(options.systems, check: validationError) : rotate
    let files = ThingFiles(folder: DeviceFolder(path: options.configDir ?? ""))
    let template = try options.template.map { try ConfigurationTemplate($0) }
    if let template, let id = systems.first {
      _ = try configuration(template, id, .example, host: "example.credentials.iot.eu-west-1.amazonaws.com")
    }
    if !options.aws.dryRun {
      try files.folder.make()
      try files.folder.lock()
    }
    let stored = try look(systems, files)
    let (deployment, client, host) = try connect()
    if options.aws.dryRun { return try printPlan(systems, files, stored, deployment, client) }
    let status = TerminalStatus()
    let values = try rotate.isEmpty ? deployment.run(report: status.line) : deployment.outputs(of: deployment.current())
    guard let outputs = ThingStackOutputs(values) else { throw deployment.missingOutputs }
    if options.verbose { Messages.info("the stack \(deployment.name) is ready; the role alias is \(outputs.roleAlias)") }
    let plan = try rotate.isEmpty ? plan(systems, files, stored, client, status) : rotation(files, stored, client)
    if options.verbose { Messages.info("things: \(plan.summary)") }
    let groups = DeviceGroups(client, try deployment.current()?.parameters ?? [:])
    options.warn(of: template, groups)
    let provisioning = ThingProvisioning(client, files: files, policy: outputs.policyName, arn: outputs.arn) { id in
      guard let template else { return }
      try files.folder.write(configuration(template, id, outputs, host: host), id)
    }
    let outcome = provisioning.run(plan.steps, wait: client.wait, progress: status.progress(of: plan.steps.count, "things"))
    status.clear()
    for id in options.retentionInDays == nil ? plan.steps.map(\.id) : systems {
      try groups?.make(id, template.map { try configuration($0, id, outputs, host: host) })
    }
    try conclude(plan, outcome, files.folder)
  }

  /// Why a thing cannot have this id; nil: it can.
  private func validationError(_ id: String) -> String? {
    if id.contains(".") { return "'\(id)' has a dot, which the name of a thing cannot have" }
    return options.template == nil ? nil : ConfigurationTemplate.validationError(id)
  }

  private func configuration(_ template: ConfigurationTemplate, _ id: String, _ outputs: ThingStackOutputs, host: String) throws -> [UInt8]
  {
    try template.configuration(
      id, region: outputs.region, authentication: outputs.authentication(id, host: host, folder: DeviceFolder(path: deviceDir)))
  }

  // MARK: - what is there

  /// The files of each system.
  /// - Throws: `ConfigurationError` after messages about the files that cannot be used.
  private func look(_ systems: [String], _ files: ThingFiles) throws -> [String: ThingFiles.Stored] {
    var stored: [String: ThingFiles.Stored] = [:]
    var validationErrors: [String] = []
    for id in systems {
      do {
        stored[id] = try files.stored(id)
      } catch let error as any Failure {
        validationErrors.append(error.message)
      }
    }
    if validationErrors.count == 1 { throw ConfigurationError("\(validationErrors[0]); nothing was changed") }
    guard validationErrors.isEmpty else {
      validationErrors.prefix(20).forEach(Messages.error)
      throw ConfigurationError("\(validationErrors.count) files in \(files.folder.path) cannot be used; nothing was changed")
    }
    return stored
  }

  /// Connects, and checks that there is IoT before anything is made.
  private func connect() throws -> (StackDeployment, RetryingClient, host: String) {
    let session = try options.session()
    let region = try session.region()
    _ = try session.endpoint(of: IoT.service)
    let client = try session.client(for: CloudFormation.service, retryPolicy: DeployOptions.retryPolicy)
    do {
      guard let host = IoT.endpointAddress(try client.allowed(IoT.describeCredentialsEndpoint())) else {
        throw CommandError(.unavailable, "IoT answered something else than the host of the credential provider")
      }
      let deployment = StackDeployment(
        client: client, region: region, name: options.stackName ?? "amazon-cloudwatch-publisher-iot", template: .iot,
        parameters: options.parameters)
      return (deployment, client, host)
    } catch let error as AWSError where error.isUnreachable {
      throw CommandError(
        error.status, "\(error.message); if other hosts can be reached, there is no AWS IoT in \(region): give another --region")
    }
  }

  private func plan(
    _ systems: [String], _ files: ThingFiles, _ stored: [String: ThingFiles.Stored], _ client: RetryingClient, _ status: TerminalStatus
  ) throws -> ThingPlan {
    let things = try ThingRegistry(client: client).certificates(
      of: systems, wait: client.wait, progress: { status.passing("looking at things: \($0) of \(systems.count)") })
    status.clear()
    let configures = options.template != nil
    let plan = ThingPlan(
      systems: systems, files: stored, things: things, unconfigured: configures ? Set(systems.filter { !files.folder.has($0) }) : [],
      configures: configures)
    for id in plan.foreign.prefix(20) {
      Messages.warning(
        "the thing \(id) has a certificate that is not in \(files.folder.path), and is left alone; --rotate \(id) gives it a new one")
    }
    for id in plan.keyless.prefix(20) {
      Messages.warning("\(files.folder.file(id, "pem")) has no key beside it, and \(id) is left alone; --rotate \(id) gives it a new one")
    }
    return plan
  }

  // MARK: - other actions

  /// The certificates of things that are there.
  private func certificates(_ ids: [String], _ client: RetryingClient) throws -> [String: [String]] {
    let things = try ThingRegistry(client: client).certificates(of: ids, wait: client.wait)
    if let id = ids.first(where: { things[$0] == nil }) { throw CommandError(.usage, "there is no thing \(id); nothing was changed") }
    return things
  }

  private func disableThings() throws {
    let client = try options.session().client(for: IoT.service, retryPolicy: DeployOptions.retryPolicy)
    // All are checked before the first is disabled.
    let things = try certificates(disable, client)
    if options.aws.dryRun { return try writeOutput(disable.map { "disable \($0)\n" }.joined()) }
    for id in disable {
      for certificate in things[id] ?? [] { _ = try client.allowed(IoT.deactivate(certificate: certificate)) }
      if options.verbose { Messages.info("disabled \(id)") }
    }
  }

  private func rotation(_ files: ThingFiles, _ stored: [String: ThingFiles.Stored], _ client: RetryingClient) throws -> ThingPlan {
    let things = try certificates(rotate, client)
    var stored = stored
    for id in rotate {
      guard let found = stored[id], found.mustMakeRoom(for: things[id] ?? []) else { continue }
      if !options.aws.dryRun { try files.setAside(id) }
      stored[id] = .nothing
    }
    return ThingPlan(rotating: rotate, files: stored, things: things, configures: options.template != nil)
  }

  private func printPlan(
    _ systems: [String], _ files: ThingFiles, _ stored: [String: ThingFiles.Stored], _ deployment: StackDeployment, _ client: RetryingClient
  ) throws {
    let intention = try rotate.isEmpty ? deployment.intention(deployment.current()) : .nothing
    let plan = try rotate.isEmpty ? plan(systems, files, stored, client, TerminalStatus()) : rotation(files, stored, client)
    try plan.print(deployment, intention, "things")
  }

  // MARK: - at work

  private func conclude(_ plan: ThingPlan, _ outcome: Outcome, _ folder: DeviceFolder) throws {
    try outcome.conclude(plan.steps.count, "things")
    if options.verbose || Descriptor.isTerminal(STDERR_FILENO) {
      let files = outcome.done > 0 ? "; their keys and certificates are in \(folder.path)" : ""
      let what = rotate.isEmpty ? "ready, \(plan.complete.count) were complete" : "rotated"
      Messages.info("\(outcome.done) things \(what)\(files)")
    }
  }
}
