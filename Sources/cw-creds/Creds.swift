package import ArgumentParser
internal import AWS
internal import Config
internal import Unix

package struct Creds: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-creds",
    abstract: "Get AWS credentials for this machine, check them, and hand them out.",
    discussion: """
      They come from agent.authentication of the configuration, else from where the AWS CLI has them.

        credential_process = cw-creds -c /etc/publisher.json
        eval "$(cw-creds --format env)"
        cw-creds serve -- aws s3 ls
        cw-creds check -c /etc/publisher.json

      See cw-creds(1).
      """,
    version: toolkitVersion,
    subcommands: [Get.self, Check.self, Explain.self, Serve.self],
    defaultSubcommand: Get.self)

  /// For the argument parser.
  package init() {}
}

/// The options of every subcommand.
struct CredsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Directory of the credentials that are kept.", valueName: "dir"), completion: .directory)
  var state: String?

  @OptionGroup var aws: AWSOptions
  @OptionGroup var common: CommonOptions

  func configuration() throws -> Configuration? {
    try common.config.map { try Configuration.load($0, warn: Messages.warning) }
  }

  func session() throws -> AWSSession { try session(configuration()) }

  func session(_ configuration: Configuration?) throws -> AWSSession {
    try AWSSession(aws, configuration: configuration, configurationPath: common.config, state: state)
  }
}

extension AWSCredentials {
  /// These credentials if they can be handed out.
  /// - Parameter now: milliseconds since the epoch by the service's clock.
  /// - Throws: `CredentialsError` if a key is empty, or they have expired.
  func checked(now: Int64) throws -> AWSCredentials {
    guard !accessKeyId.isEmpty, !secretAccessKey.isEmpty else { throw CredentialsError("the source of the credentials gave an empty key") }
    guard expiration.map({ $0 > now }) ?? true else {
      throw CredentialsError("the source of the credentials gave some that have expired; look at this machine's clock")
    }
    return self
  }
}
