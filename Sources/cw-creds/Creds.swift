package import ArgumentParser
internal import AWS
internal import Config
internal import Credentials
internal import Session
internal import State
internal import Tool
internal import Unix

package struct Creds: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-creds",
    abstract: "Get AWS credentials for this machine, check them, and hand them out.",
    discussion: """
      They come from agent.authentication of the configuration, else from where the AWS CLI has them.

        credential_process = cw-creds -c /etc/publisher.json      (a line of ~/.aws/config)
        eval "$(cw-creds --format env)"
        cw-creds serve -- aws s3 ls

      See cw-creds(1).
      """,
    version: toolkitVersion,
    subcommands: [Get.self, Check.self, Explain.self, Serve.self],
    defaultSubcommand: Get.self)

  package init() {}
}

/// What every subcommand takes.
struct CredsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Directory of the credentials that are kept.", valueName: "dir"))
  var state: String?

  @OptionGroup var aws: AWSOptions
  @OptionGroup var common: CommonOptions

  func configuration() throws -> Configuration? {
    try common.config.map { try Configuration.load($0, warn: Messages.warning) }
  }

  /// What asks for credentials; each call takes as long as signing in takes.
  func source(_ configuration: Configuration?) throws -> () throws -> AWSCredentials {
    if configuration?.agent.authentication != nil {
      throw ConfigurationError("agent.authentication is not supported by this version; use a profile or the environment")
    }
    let chain = CredentialChain(profile: aws.profile, environment: processEnvironment)
    return {
      // Whoever asks again wants to know of new keys.
      chain.invalidate()
      return try chain.credentials()
    }
  }

  /// Where what is kept lies: with the publisher's state, else in the user's cache.
  func directory(_ configuration: Configuration?, environment: Environment = processEnvironment) throws -> StateDirectory {
    if let found = StateDirectory.find(option: state, environment: environment, configured: configuration?.agent.stateDirectory) {
      return found
    }
    // By the rules of XDG a path that is not absolute counts as none.
    if let cache = environment("XDG_CACHE_HOME"), cache.hasPrefix("/") { return StateDirectory("\(cache)/cloudwatch-publisher") }
    guard let home = environment("HOME") else {
      throw ToolError(.badConfiguration, "neither --state nor HOME says where to keep anything; give --state")
    }
    return StateDirectory("\(home)/.cache/cloudwatch-publisher")
  }
}

extension AWSCredentials {
  /// Itself, if it can be given to somebody: whole, and not over.
  /// - Parameter now: milliseconds since the epoch by the service's clock.
  func checked(now: Int64) throws -> AWSCredentials {
    guard !accessKeyId.isEmpty, !secretAccessKey.isEmpty else { throw CredentialsError("the source of the credentials gave an empty key") }
    guard expiration.map({ $0 > now }) ?? true else {
      throw CredentialsError("the source of the credentials gave some that have expired; look at this machine's clock")
    }
    return self
  }
}

func writeOutput(_ text: ByteBuffer) throws { try Descriptor.writeAll(STDOUT_FILENO, text) }
