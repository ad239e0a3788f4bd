package import Unix

/// A configuration that cannot be used.
package struct ConfigurationError: Failure {
  package let message: String
  package var status: ExitStatus { .badConfiguration }

  /// - Parameter message: as `Failure` describes it.
  package init(_ message: String) { self.message = message }
}

extension Configuration {
  /// Where the original, its installers and its users' machines have the file.
  package static let standardPath = "/opt/aws/amazon-cloudwatch-publisher/etc/amazon-cloudwatch-publisher.json"

  /// Reads a file that can be used; `warn` gets each warning as a line.
  /// - Throws: `ConfigurationError`, or `SystemError` where the file may not be read.
  package static func load(_ path: String, warn: (String) -> Void) throws -> Configuration {
    var configuration = try ConfigurationFile(reading: path).usable(warn: warn)
    configuration.path = path
    return configuration
  }

  /// The machine's id, `prefix-serial`. `CW_INSTANCE_ID`, if set, is the answer that the supervisor already found.
  /// - Throws: `ConfigurationError` if it cannot be found.
  package func instanceId(environment: Environment = processEnvironment) throws -> String {
    try InstanceIdentity.find(agent.instance, environment: environment)
  }
}
