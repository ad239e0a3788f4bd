internal import ArgumentParser
internal import AWS
internal import Unix

struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print credentials for another program.",
    discussion: """
      process: one line of JSON, as credential_process wants it.
      env: lines for the shell's eval.
      """)

  @Option(help: "Form: process or env.")
  var format = CredentialsFormat.process

  @OptionGroup var options: CredsOptions

  func run() throws {
    let session = try options.session()
    if options.aws.dryRun { return try session.printCalls() }
    let credentials = try session.credentials().credentials(besides: nil)
    switch format {
    case .process: try writeOutput(CredentialsFormat.process(credentials))
    case .env: try writeOutput(CredentialsFormat.env(credentials))
    }
  }
}
