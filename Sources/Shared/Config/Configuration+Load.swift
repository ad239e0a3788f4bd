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

  /// Reads a file that can be used, as `ConfigurationFile` says.
  package static func load(_ path: String, warn: (String) -> Void) throws -> Configuration {
    var configuration = try ConfigurationFile(reading: path).usable(warn: warn)
    configuration.path = path
    return configuration
  }

  /// The machine's id, `prefix-serial`. `CW_INSTANCE_ID`, if set, is the answer that the supervisor already found.
  package func instanceId(environment: Environment = processEnvironment) throws -> String {
    try InstanceIdentity.find(agent.instance, environment: environment)
  }
}
