/// The configuration file as values: the JSON of the original publisher, key for key, every key with its default.
///
/// `Configuration()` is what a file `{}` means. Reading is in `Configuration+Load.swift`.
package struct Configuration: Equatable, Sendable {
  package var agent = Agent()
  package var metrics = Metrics()
  package var logs = Logs()

  package init() {}

  package struct Agent: Equatable, Sendable {
    package var instance = Instance()
    /// Nil: the usual AWS credential chain.
    package var authentication: Authentication?
    package var region: String?
    /// Seconds between two samples.
    package var metricsCollectionInterval = 300.0
    /// Seconds after which a batch of events is sent even if it is not full.
    package var logsCollectionInterval = 10.0
    package var logfile = "/opt/aws/amazon-cloudwatch-publisher/logs/amazon-cloudwatch-publisher.log"
    package var stateDirectory = "/opt/aws/amazon-cloudwatch-publisher/state"
    package var debug = false
  }

  /// How the machine's name is made: `prefix-serial`.
  package struct Instance: Equatable, Sendable {
    package var prefix = "sys"
    /// Wins over `command`.
    package var serial: String?
    /// Run by the shell; its output, trimmed and in lower case, is the serial.
    package var command = "echo 000000000000"
  }

  package enum Authentication: Equatable, Sendable {
    case cognito(accountId: String?, userPoolId: String, identityPoolId: String, appClientId: String, password: String)
    /// `certificatePath` alone when one file holds both.
    case iot(url: String, roleAlias: String, thingName: String, certificatePath: String, keyPath: String?)
  }

  package struct Metrics: Equatable, Sendable {
    package var namespace = "System/Default"
  }

  package struct Logs: Equatable, Sendable {
    /// A template: `{instance_id}` is replaced.
    package var logGroupName = "/system/default/{instance_id}"
    /// Nil: for ever.
    package var retentionInDays: Int?
    package var files: [File] = []
    package var journal = Journal()
  }

  /// One entry of `logs.logs_collected.files.collect_list`.
  package struct File: Equatable, Sendable {
    /// A path or a glob.
    package var filePath: String
    package var patterns = PatternLists()

    package init(filePath: String, patterns: PatternLists = PatternLists()) {
      self.filePath = filePath
      self.patterns = patterns
    }
  }

  package struct Journal: Equatable, Sendable {
    package var collect = false
    package var patterns = PatternLists()
  }

  /// An event must match one of `include` (if there are any) and none of `exclude`; searched, not anchored.
  package struct PatternLists: Equatable, Sendable {
    package var include: [String]
    package var exclude: [String]

    package init(include: [String] = [], exclude: [String] = []) {
      self.include = include
      self.exclude = exclude
    }
  }
}
