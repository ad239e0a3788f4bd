package import ArgumentParser

/// The options of every program that sends requests to AWS.
package struct AWSOptions: ParsableArguments {
  @Option(help: ArgumentHelp("AWS region, such as eu-central-1.", valueName: "region"))
  package var region: String?

  @Option(help: ArgumentHelp("Profile of the shared AWS files.", valueName: "name"))
  package var profile: String?

  @Option(name: .customLong("endpoint-url"), help: ArgumentHelp("Call this URL in place of AWS.", valueName: "url"))
  var endpointURL: String?

  @Option(help: ArgumentHelp("Trust only the certificate authorities in this PEM file.", valueName: "file"), completion: .file())
  package var caBundle: String?

  @Flag(help: "Print on stdout what would be done; change nothing.")
  package var dryRun = false

  /// No option is given.
  package init() {}
}
