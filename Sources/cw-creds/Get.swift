internal import ArgumentParser
internal import AWS
internal import Unix

struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print credentials, or store them where the AWS CLI looks.",
    discussion: """
      process: one line of JSON, as credential_process wants it.
      env: lines for the shell's eval.
      shared: nothing is printed; the profile --save-as of ~/.aws/credentials is written, all others are left as they are.
      """)

  @Option(help: "Form: process, env or shared.")
  var format = CredentialsFormat.process

  @Option(
    help: ArgumentHelp("Profile that --format shared writes. (default: cloudwatch-publisher)", valueName: "name"))
  var saveAs: String?

  @OptionGroup var options: CredsOptions

  func validate() throws {
    if saveAs != nil, format != .shared { throw ValidationError("--save-as is for --format shared") }
  }

  func run() throws {
    let session = try options.session()
    if options.aws.dryRun { return try CredentialsDryRun(session).print() }
    let credentials = try session.credentials().credentials(besides: nil)
    switch format {
    case .process: try writeOutput(CredentialsFormat.process(credentials))
    case .env: try writeOutput(CredentialsFormat.env(credentials))
    case .shared: try store(credentials, as: saveAs ?? "cloudwatch-publisher")
    }
  }

  private func store(_ credentials: AWSCredentials, as profile: String) throws {
    try SharedCredentialsFile(SharedConfig.credentialsPath(processEnvironment)).write(
      [
        ("aws_access_key_id", credentials.accessKeyId), ("aws_secret_access_key", credentials.secretAccessKey),
        // What is nil is taken out: a token left over from others would go with the wrong key.
        ("aws_session_token", credentials.sessionToken), ("aws_security_token", nil),
        ("aws_account_id", credentials.accountId), ("expiration", credentials.expiration.map { DateTime(milliseconds: $0).iso8601 }),
      ], section: profile)
  }
}
