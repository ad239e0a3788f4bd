/// The configuration file as values: the JSON of the original publisher, key for key, every key with its default.
///
/// `Configuration()` is what a file `{}` means. Reading is in `Configuration+Load.swift`.
package struct Configuration: Equatable, Sendable {
  package var agent = Agent()
  package var metrics = Metrics()
  package var logs = Logs()
  /// The file that it was read from; nil: none.
  package var path: String?

  /// Every key at its default.
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
    /// The value of the dimension `host`; nil: the machine's name.
    package var hostname: String?
    package var omitHostname = false
  }

  /// How the machine's name is made: `prefix-serial`.
  package struct Instance: Equatable, Sendable {
    package var prefix = "sys"
    /// Wins over `command`.
    package var serial: String?
    /// Run by the shell; its output, trimmed and in lower case, is the serial.
    package var command: ShellCommand = "echo 000000000000"
  }

  package struct Metrics: Equatable, Sendable {
    package var namespace = "System/Default"
    /// Which figures of log delivery are published with the samples.
    package var logStatus = LogStatus.none
    /// Whether there are any.
    package var collect = true
    /// Seconds between two calls.
    package var putInterval = 60.0
    /// 60: high-resolution samples are stored by the minute; nil: as they were taken.
    package var storageResolution: Int?
    /// Whether the distance of this machine's clock from the service's is published.
    package var clockOffset = false
    /// The sections of `metrics_collected` that ask for something; nil: there is none, and the original's metrics are meant.
    package var collected: [PluginSettings]?
    /// In place of the dimension `host`; values are templates, `NameTemplate`.
    package var appendDimensions: [String: String] = [:]
    /// Sets of dimensions under which each metric is published once more.
    package var aggregationDimensions: [[String]] = []
  }

  /// CloudWatch bills each metric, so none is published unless the configuration asks for it.
  package enum LogStatus: String, NamedChoice {
    case none
    /// Five metrics for the machine.
    case total
    /// Five for each log.
    case each
  }

  package struct Logs: Equatable, Sendable {
    /// A template, `NameTemplate`.
    package var logGroupName = "/system/default/{instance_id}"
    /// A template. Nil: each source has a stream of its own.
    package var logStreamName: String?
    /// The settings of the group `logGroupName`.
    package var group = GroupSettings()
    package var files: [File] = []
    /// The original's section; `collect` says whether it is there.
    package var journal = Journal()
    /// `logs.logs_collected.journald.collect_list`.
    package var journald: [Journal] = []

    /// Every selection of the journal that is to be followed; no two have the same `source`.
    package var journals: [Journal] { (journal.collect ? [journal] : []) + journald }
  }

  /// One entry of `logs.logs_collected.files.collect_list`.
  package struct File: Equatable, Sendable {
    /// A path or a glob.
    package var filePath: String
    package var settings = SourceSettings()
    /// Made of the conversions that `ValueType.timestampFormat` lists. Nil: an event's time is that of reading it.
    package var timestampFormat: String?
    /// The zone of timestamps without one.
    package var timezone = TimeZoneChoice.local
    /// Whether the timestamp is taken out of the message.
    package var trimTimestamp = false
    /// What the first line of an event looks like: a pattern, or `timestampFormatPlaceholder`. Nil: every line is an event.
    package var multiLineStartPattern: String?
    /// As iconv(3) calls it.
    package var encoding = "utf-8"
    /// Files whose base name this pattern matches are none of the glob's.
    package var blacklist: String?
    /// Whether a file that is there when it is followed for the first time is read from its beginning; nil: not said.
    package var fromBeginning: Bool?
    /// Whether each file that a glob finds has a stream of its own even where the stream has a name.
    package var publishMultiLogs: Bool?

    /// An entry with every other key at its default.
    package init(filePath: String) { self.filePath = filePath }

    /// Stands for a pattern of all that matches `timestampFormat`.
    package static let timestampFormatPlaceholder = "{timestamp_format}"
  }

  package struct Journal: Equatable, Sendable {
    package var collect = false
    package var selection = JournalSelection()
    package var settings = SourceSettings()

    /// The section `journal` with every key at its default.
    package init() {}

    /// An entry of `journald.collect_list`, as the CloudWatch agent takes one that says nothing.
    static let journald = {
      var journal = Journal()
      journal.collect = true
      journal.selection.priority = .info
      return journal
    }()

    /// What its records call their source.
    package var source: String { selection.source }
  }

  /// What files and journals have in common: which of their events are sent, and where.
  package struct SourceSettings: Equatable, Sendable {
    /// Templates. Nil: those of `logs`.
    package var logGroupName: String?
    package var logStreamName: String?
    package var group = GroupSettings()
    package var patterns = PatternLists()
    /// In this order, and an event must pass each.
    package var filters: [EventFilter] = []
  }

  /// What a log group is made with, and how long it keeps its events.
  package struct GroupSettings: Equatable, Sendable {
    /// Nil and -1: left as it is.
    package var retentionInDays: Int?
    package var logGroupClass: LogGroupClass?
    package var kmsKeyId: String?
    package var tags: [String: String] = [:]

    /// Every key at its default.
    package init() {}
  }

  package enum LogGroupClass: String, NamedChoice {
    case standard = "STANDARD"
    case infrequentAccess = "INFREQUENT_ACCESS"
  }

  package enum TimeZoneChoice: String, NamedChoice {
    case utc = "UTC"
    case local = "Local"
  }

  /// An event must match `expression`, or must not; searched, not anchored.
  package struct EventFilter: Equatable, Sendable {
    package enum Kind: String, NamedChoice { case include, exclude }

    package var type = Kind.include
    package var expression: String

    /// By default an event must match.
    package init(_ type: Kind = .include, _ expression: String) { (self.type, self.expression) = (type, expression) }
  }

  /// An event must match one of `include` (if there are any) and none of `exclude`; searched, not anchored.
  package struct PatternLists: Equatable, Sendable {
    package var include: [String] = []
    package var exclude: [String] = []
  }
}
