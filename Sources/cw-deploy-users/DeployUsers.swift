package import ArgumentParser
internal import AWS
internal import Config
internal import Unix

package struct DeployUsers: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-deploy-users",
    abstract: "Make AWS ready for machines that publish: the stack, and a user with a password for each.",
    discussion: """
      Reads ids from systems.txt, one a line, and adds what is missing; nothing is ever deleted. It may be stopped at any moment \
      and run again.

        cw-deploy-users --region eu-central-1
        cw-deploy-users --template pi.json --config-dir machines
        cw-deploy-users --rotate rpi-00000000abcdef01

      See cw-deploy-users(1).
      """,
    version: toolkitVersion,
    subcommands: [Cognito.self, IoTThings.self],
    defaultSubcommand: Cognito.self)

  /// For the argument parser.
  package init() {}
}

/// The options of every subcommand.
struct DeployOptions: ParsableArguments {
  @Option(help: ArgumentHelp("File with the id of a machine in each line.", valueName: "file"), completion: .file())
  var systems = "systems.txt"

  @Option(help: ArgumentHelp("Name of the stack.", valueName: "name"))
  var stackName: String?

  @Option(help: ArgumentHelp("Configuration that all machines have in common.", valueName: "config"), completion: .file())
  var template: String?

  @Option(help: ArgumentHelp("Directory for the configuration of each machine.", valueName: "dir"), completion: .directory)
  var configDir: String?

  @Option(help: ArgumentHelp("Namespace that machines may write metrics to; may be repeated.", valueName: "name"))
  var namespace: [String] = []

  @Option(help: ArgumentHelp("Log group that a machine may write to, {instance_id} in it; may be repeated.", valueName: "pattern"))
  var logGroup: [String] = []

  @Option(
    help: ArgumentHelp(
      "Make each machine's log groups, with this retention, which machines then may not change; 0: machines may.", valueName: "days"))
  var retentionInDays: Int?

  @OptionGroup var aws: AWSOptions

  @Flag(name: [.short, .long], help: "Say on stderr what is being done.")
  var verbose = false

  func validate() throws {
    if let stackName {
      let isName = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2D }
      guard (1...128).contains(stackName.utf8.count), stackName.utf8.allSatisfy(isName), stackName.first?.isLetter == true else {
        throw ValidationError("--stack-name is letters, digits and dashes, a letter in front")
      }
    }
    if let retentionInDays, retentionInDays != 0, !NameRules.retentionDays.contains(retentionInDays) {
      let days = NameRules.retentionDaysText
      throw ValidationError("--retention-in-days is 0 or one of \(days)")
    }
    for value in namespace + logGroup where value.isEmpty || value.contains(",") {
      throw ValidationError("a --namespace or --log-group is one name; repeat the option for more")
    }
  }

  /// The stack's parameters that the options give.
  var parameters: [String: String] {
    var result: [String: String] = [:]
    if !namespace.isEmpty { result["Namespaces"] = namespace.joined(separator: ",") }
    if let retentionInDays { result["RetentionInDays"] = String(retentionInDays) }
    if !logGroup.isEmpty { result["LogGroups"] = logGroup.joined(separator: ",") }
    return result
  }

  /// Warns of settings in the template that its machines may not use.
  func warn(of template: ConfigurationTemplate?, _ groups: DeviceGroups?) {
    guard let path = self.template, template?.mentions("retention_in_days") == true, groups != nil else { return }
    Messages.warning("\(path) has retention_in_days, which machines may not set with --retention-in-days; take it out")
  }

  /// The session, also for `--dry-run`, whose plan needs the requests that read.
  func session() throws -> AWSSession {
    var connection = aws
    connection.dryRun = false
    return try AWSSession(connection)
  }

  /// All requests here are idempotent, so that any may be repeated.
  static let retryPolicy = RetryPolicy(maximumAttempts: 8, repeatsUncertain: true)
}
