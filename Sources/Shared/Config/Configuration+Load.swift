package import Unix

/// A configuration that can not be used.
package struct ConfigurationError: Failure {
  package let message: String
  package var status: ExitStatus { .badConfiguration }

  package init(_ message: String) { self.message = message }
}

extension Configuration {
  /// Where the original, its installers and its users' machines have the file.
  package static let standardPath = "/opt/aws/amazon-cloudwatch-publisher/etc/amazon-cloudwatch-publisher.json"

  /// Reads a file. Warnings (unknown keys) are handed to `warn`, each a line without prefix; the first error is thrown.
  package static func load(_ path: String, warn: (String) -> Void) throws -> Configuration {
    let file = try ConfigurationFile(reading: path)
    for warning in file.warnings { warn(file.line(warning)) }
    guard let first = file.errors.first else {
      var configuration = file.configuration
      configuration.path = path
      return configuration
    }
    let others = file.errors.count - 1
    let more = others > 0 ? " (and \(others) more; cw-config check lists them)" : ""
    throw ConfigurationError(file.line(first) + more)
  }

  /// The machine's id, `prefix-serial`. `CW_INSTANCE_ID`, if set, is the answer that the supervisor already found.
  package func instanceId(environment: Environment = processEnvironment) throws -> String {
    try InstanceIdentity.find(agent.instance, environment: environment)
  }
}
