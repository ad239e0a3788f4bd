internal import ArgumentParser
internal import AWS
internal import Config
internal import Unix

struct Cognito: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Machines sign in as users of a Cognito user pool, with passwords.",
    discussion: """
      Without --list, --rotate and --disable: creates or updates the stack, then adds a user for each id in systems.txt that has \
      none. Each password is in the output file before it is set, and nowhere else. The stack's outputs are printed.
      """)

  @OptionGroup var options: DeployOptions

  @Option(help: ArgumentHelp("File that passwords are kept in.", valueName: "file"), completion: .file())
  var output = "passwords.txt"

  @Option(help: "Form of that file and of --list: text, json or csv.")
  var format = PasswordFormat.text

  @Option(help: ArgumentHelp("Give this user another password; may be repeated.", valueName: "id"))
  var rotate: [String] = []

  @Option(help: ArgumentHelp("Sign this user out and let nobody sign in as it; may be repeated.", valueName: "id"))
  var disable: [String] = []

  @Flag(help: "Print all users.")
  var list = false

  @Flag(inversion: .prefixedNo, help: "Let machines write to all log groups and namespaces.")
  var widePolicy: Bool?

  @Option(help: ArgumentHelp("Begin at most this many users a second.", valueName: "number"))
  var rate = Pace.standard

  func validate() throws {
    guard (options.template == nil) == (options.configDir == nil) else { throw ValidationError("--template and --config-dir go together") }
    guard [list, !rotate.isEmpty, !disable.isEmpty].count(where: { $0 }) <= 1 else {
      throw ValidationError("--list, --rotate and --disable exclude each other")
    }
    guard (1...1000).contains(rate) else { throw ValidationError("--rate is a whole number from 1 to 1000") }
    for id in rotate + disable where !Systems.isValid(id) { throw ValidationError("'\(id)' is no id") }
    if let id = rotate.first(where: { id in rotate.count { $0 == id } > 1 }) { throw ValidationError("--rotate \(id) is given twice") }
  }

  func run() throws {
    if !rotate.isEmpty { return try provision([], rotating: rotate) }
    if !disable.isEmpty { return try disableUsers() }
    if list { return try printUsers() }
    let validationError = { (id: String) in options.template == nil ? nil : ConfigurationTemplate.validationError(id) }
    try provision(Systems.load(options.systems, check: validationError), rotating: [])
  }

  // MARK: - the stack

  private func deployment() throws -> StackDeployment {
    let session = try options.session()
    let region = try session.region()
    guard Partition.of(region: region)?.name != "aws-cn" else {
      throw ConfigurationError(
        "there are no Cognito user pools in China (\(region)); let machines sign in by certificates: cw-deploy-users iot")
    }
    var parameters = options.parameters
    if let widePolicy { parameters["WidePolicy"] = String(widePolicy) }
    _ = try session.endpoint(of: CognitoIdentityProvider.service)
    return StackDeployment(
      client: try session.client(for: CloudFormation.service, retryPolicy: DeployOptions.retryPolicy), region: region,
      name: options.stackName ?? "amazon-cloudwatch-publisher", template: .cognito, parameters: parameters)
  }

  private func existing(_ deployment: StackDeployment) throws -> StackOutputs {
    try stackOutputs(deployment.outputs(of: deployment.current()), deployment)
  }

  private func deployed(_ deployment: StackDeployment, _ file: PasswordFile, _ status: TerminalStatus) throws -> StackOutputs {
    // The same users in two regions are a mistake; with another region the stack would be made there.
    if !file.ids.isEmpty, try deployment.current() == nil {
      throw ConfigurationError(
        "\(output) has passwords, but there is no stack \(deployment.name) in \(deployment.region); "
          + "give its --region, or for a new stack another --output")
    }
    defer { status.clear() }
    return try stackOutputs(deployment.run(report: status.line), deployment)
  }

  private func stackOutputs(_ values: [String: String], _ deployment: StackDeployment) throws -> StackOutputs {
    guard let outputs = StackOutputs(values) else { throw deployment.missingOutputs }
    return outputs
  }

  // MARK: - users

  private func provision(_ systems: [String], rotating: [String]) throws {
    let template = try options.template.map { try ConfigurationTemplate($0) }
    for id in rotating where template != nil {
      if let validationError = ConfigurationTemplate.validationError(id) { throw ConfigurationError(validationError) }
    }
    if let template, let id = (systems + rotating).first {
      let example = StackOutputs.example
      _ = try template.configuration(id, region: example.region, authentication: example.authentication(Secret("example")))
    }
    if options.aws.dryRun { return try printPlan(systems, rotating: rotating) }
    let file = try PasswordFile.open(output, format)
    defer { file.removeIfEmpty() }
    let deployment = try deployment()
    let status = TerminalStatus()
    deployment.client.onRetry = { error, _, _ in status.passing("\(error.message); trying again") }
    let outputs = try rotating.isEmpty ? deployed(deployment, file, status) : existing(deployment)
    if options.verbose { Messages.info("the stack \(deployment.name) is ready; the user pool is \(outputs.userPoolId)") }
    let pool = UserPool(client: deployment.client, id: outputs.userPoolId)
    let plan = UserPlan(systems: systems, rotating: rotating, users: try pool.statuses(), recorded: file.ids)
    try check(plan)
    if options.verbose { Messages.info("users: \(plan.summary)") }

    let folder = options.configDir.map { DeviceFolder(path: $0) }
    func handOver(_ id: String, _ password: Secret) throws {
      guard let template, let folder else { return }
      // An id from an earlier run with other systems.
      guard ConfigurationTemplate.validationError(id) == nil else { return }
      try folder.write(
        template.configuration(id, region: outputs.region, authentication: outputs.authentication(password)), id)
    }
    let recipe = PasswordRecipe(minimumLength: try pool.describe().minimumPasswordLength)
    let provisioning = Provisioning(
      deployment.client, pool: outputs.userPoolId, file: file, pace: Pace(usersPerSecond: rate),
      makePassword: { try recipe.make(Random.bytes) }, handOver: handOver)
    let outcome = provisioning.run(plan.steps, wait: deployment.client.wait, progress: status.progress(of: plan.steps.count, "users"))
    status.clear()
    if let groups = DeviceGroups(deployment.client, try deployment.current()?.parameters ?? [:]) {
      options.warn(of: template, groups)
      for id in options.retentionInDays == nil ? plan.steps.map(\.id) : systems {
        let password = Secret("example")
        let text = try template?.configuration(id, region: outputs.region, authentication: outputs.authentication(password))
        try groups.make(id, text)
      }
    }
    let unknown = try handOverComplete(plan, file, folder, handOver)
    try conclude(plan, outcome, unknown: unknown)
    if rotating.isEmpty { try writeOutput(columns(outputs.lines.map { [$0.name, $0.value] })) }
  }

  private func check(_ plan: UserPlan) throws {
    if let id = plan.unknown.first { throw CommandError(.usage, "there is no user \(id) to rotate; nothing was changed") }
    for id in plan.unusual.prefix(20) {
      Messages.warning("the user \(id) was reset or never confirmed, and is left alone; --rotate \(id) gives it a new password")
    }
  }

  /// Writes the configuration of machines whose user is complete and that have none.
  /// - Returns: the number of machines whose password is not recorded.
  private func handOverComplete(
    _ plan: UserPlan, _ file: PasswordFile, _ folder: DeviceFolder?, _ handOver: (String, Secret) throws -> Void
  ) throws -> Int {
    guard let folder else { return 0 }
    var unknown = 0
    for id in plan.complete where !folder.has(id) {
      if let password = file.password(of: id) { try handOver(id, password) } else { unknown += 1 }
    }
    return unknown
  }

  private func conclude(_ plan: UserPlan, _ outcome: Outcome, unknown: Int) throws {
    if unknown > 0 {
      Messages.warning(
        "no configuration is made for \(unknown) whose passwords are not in \(output); --rotate gives them new ones")
    }
    try outcome.conclude(plan.steps.count, "users")
    if options.verbose || Descriptor.isTerminal(STDERR_FILENO) {
      let what = rotate.isEmpty ? "ready" : "rotated"
      let complete = rotate.isEmpty ? ", \(plan.complete.count + outcome.complete) were complete" : ""
      Messages.info("\(users(outcome.done)) \(what)\(complete)\(outcome.done > 0 ? "; their passwords are in \(output)" : "")")
    }
  }

  private func users(_ count: Int) -> String { "\(count) user\(count == 1 ? "" : "s")" }

  private func printPlan(_ systems: [String], rotating: [String]) throws {
    let deployment = try deployment()
    let stack = try deployment.current()
    let intention = rotating.isEmpty ? try deployment.intention(stack) : .nothing
    let recorded = try PasswordFile.recordedIds(output, format)
    var users: [String: String] = [:]
    if let stack, let outputs = StackOutputs(try deployment.outputs(of: stack)) {
      users = try UserPool(client: deployment.client, id: outputs.userPoolId).statuses()
    }
    let plan = UserPlan(systems: systems, rotating: rotating, users: users, recorded: recorded)
    try check(plan)
    try plan.print(deployment, intention, "users")
  }

  // MARK: - other actions

  private func disableUsers() throws {
    let deployment = try deployment()
    let pool = UserPool(client: deployment.client, id: try existing(deployment).userPoolId)
    if options.aws.dryRun { return try writeOutput(disable.map { "disable \($0)\n" }.joined()) }
    // All are checked before the first is disabled.
    for id in disable { try pool.find(id) }
    for id in disable {
      try pool.disable(id)
      if options.verbose { Messages.info("disabled \(id)") }
    }
  }

  private func printUsers() throws {
    let deployment = try deployment()
    let pool = UserPool(client: deployment.client, id: try existing(deployment).userPoolId)
    let keepsSignIns = try pool.describe().keepsSignIns
    let users = try pool.users().sorted { $0.username < $1.username }
    let rows = try users.map { user in
      UserRow(user, lastSignIn: keepsSignIns ? try pool.lastSignIn(user.username) : nil)
    }
    try writeOutput(UserRow.text(rows, format))
  }
}
