internal import FoundationEssentials
package import Unix

/// A configuration that can not be used.
package struct ConfigurationError: Failure {
  package let message: String
  package var status: ExitStatus { .badConfiguration }

  package init(_ message: String) { self.message = message }
}

extension Configuration {
  /// Reads a file. Warnings (unknown keys) are handed to `warn`, each a line without prefix.
  package static func load(_ path: String, warn: (String) -> Void) throws -> Configuration {
    throw ConfigurationError("not yet")
  }

  /// The machine's id, `prefix-serial`. `CW_INSTANCE_ID`, if set, is the answer that the supervisor already found.
  package func instanceId(environment: Environment = processEnvironment) throws -> String {
    throw ConfigurationError("not yet")
  }

  /// The log group's name with its placeholders replaced.
  package func logGroupName(instanceId: String) -> String { logs.logGroupName }
}
