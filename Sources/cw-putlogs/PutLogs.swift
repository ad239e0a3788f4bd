package import ArgumentParser
internal import AWS
internal import Config
internal import Delivery
internal import Records
internal import Unix

package struct PutLogs: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-putlogs",
    abstract: "Put lines or log records into CloudWatch Logs.",
    discussion: """
      Reads plain lines from standard input, each an event stamped with the time it is read, or, with --records or
      --config, log records as cw-tail writes them. Missing groups and streams are made.

        make 2>&1 | cw-putlogs --log-group builds --log-stream nightly
        cw-tail --once /var/log/syslog | cw-putlogs --records --log-group /home/pi

      See cw-putlogs(1).
      """,
    version: toolkitVersion)

  @Flag(help: "Read log records, not plain lines.")
  var records = false

  @Option(help: ArgumentHelp("Log group.", valueName: "name"))
  var logGroup: String?

  @Option(help: ArgumentHelp("Log stream. With records the default is the base name of the source.", valueName: "name"))
  var logStream: String?

  @Option(help: ArgumentHelp("Send at the latest after this many seconds. (default: 10)", valueName: "seconds"))
  var interval: Double?

  @Option(help: ArgumentHelp("Let the log group keep events for this many days.", valueName: "days"))
  var retentionInDays: Int?

  @Option(
    help: ArgumentHelp("Store there how far each source is delivered, for the next start of cw-tail.", valueName: "directory"),
    completion: .directory)
  var state: String?

  @Option(help: ArgumentHelp("Keep plain lines there until they are delivered.", valueName: "directory"), completion: .directory)
  var spool: String?

  @Option(help: ArgumentHelp("How large the spool may get, with K, M or G. (default: 64M)", valueName: "size"))
  var spoolMax: ByteSize?

  @Option(help: ArgumentHelp("What to do when it is full: block or drop-oldest. (default: block)", valueName: "what"))
  var spoolFull: Spool.Overflow?

  @Flag(help: "Copy standard input to standard output as well.")
  var tee = false

  @OptionGroup var aws: AWSOptions
  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {
    try checkOptions()
    let configuration = try common.config.map { try Configuration.load($0, warn: Messages.warning) }
    if configuration == nil, logGroup == nil { throw CommandError(.usage, "no log group; give --log-group (or --config)") }
    let routing = try Routing(
      configuration, names: configuration?.machineNames(), logGroup: logGroup, logStream: logStream, retentionInDays: retentionInDays)
    let client = try AWSSession(aws, configuration: configuration, configurationPath: common.config, state: state).client(
      for: CloudWatchLogs.service, retryPolicy: RetryPolicy(maximumAttempts: nil, repeatsUncertain: true))
    let messages = RetryMessages()
    client.onRetry = messages.report
    let shipper = Shipper(
      client, interval: interval ?? configuration?.agent.logsCollectionInterval ?? 10,
      groups: routing.settings)
    let warnings = LimitedWarnings()
    shipper.warn = warnings.report
    if let spool, !aws.dryRun { return try run(client, shipper, try openSpool(spool)) }
    let store = store(configuration)
    let logInput = try logInput(shipper, store, routing)
    // A refusal of the only stream is in the last message.
    if !logInput.hasOneStream { shipper.onRefusal = shipper.warn }
    let loop = try EventLoop(
      client, LogSender(shipper, logInput, store: store), readsOnWhenToldToStop: isRecords,
      timeoutAtEnd: isRecords ? EventLoop.Timeout.whenToldToStop : EventLoop.Timeout.atEndOfUnrepeatableInput,
      tees: tee)
    try loop.run()
    warnings.reportRest()
    store?.close()
    if let failure = store?.failure { throw failure }
    try ExitReport(shipper: shipper, logInput: logInput, spool: nil, wasCutShort: loop.wasCutShort, isVerbose: common.verbose).report()
  }

  private func run(_ client: RetryingClient, _ shipper: Shipper, _ spool: Spool) throws {
    let sender = SpoolingLogSender(shipper, stream: shipper.stream(try plainDestination()), spool: spool)
    let loop = try EventLoop(client, sender, readsOnWhenToldToStop: false, timeoutAtEnd: nil, tees: tee)
    // What was read is kept, however it ends.
    let outcome = Result { try loop.run() }
    spool.close()
    try outcome.get()
    try ExitReport(shipper: shipper, logInput: nil, spool: spool, wasCutShort: loop.wasCutShort, isVerbose: common.verbose).report()
  }

  // A record does not say where it goes, so that a spool is small and its lines are the lines; each segment says it once. Lines that
  // wait for another stream are nothing to guess about: they must neither go to this one, nor be sent unasked by a
  // program that was told of this one only.
  private func openSpool(_ directory: String) throws -> Spool {
    let destination = try plainDestination()
    let label = "\(destination.group)\n\(destination.stream)"
    do {
      var options = Spool.Options()
      options.maximumSize = spoolMax?.bytes ?? options.maximumSize
      options.overflow = spoolFull ?? options.overflow
      return try Spool(directory: directory, label: Array(label.utf8), options, warn: Messages.warning)
    } catch let error as SystemError {
      throw CommandError(.cannotWrite, "lines cannot be kept: \(error.message); give another --spool")
    } catch let foreign as Spool.ForeignRecords {
      let other = String(decoding: foreign.label, as: UTF8.self).split(separator: "\n").joined(separator: " ")
      throw CommandError(
        .badConfiguration,
        "lines for \(other) wait in \(directory); let them be sent by a run with that group and stream,"
          + " or give another --spool")
    }
  }

  private var isRecords: Bool { records || common.config != nil }

  private func checkOptions() throws {
    if let logGroup, !NameRules.isGroupName(logGroup) {
      throw CommandError(.usage, "--log-group '\(logGroup)' is no log group name; it has up to 512 of A-Z a-z 0-9 . - _ / #")
    }
    if let logStream, !NameRules.isStreamName(logStream) {
      throw CommandError(.usage, "--log-stream '\(logStream)' is no log stream name; it has up to 512 characters, no : and no *")
    }
    if let interval, !(interval >= 0 && interval <= 86400) {
      throw CommandError(.usage, "--interval \(interval) is not between 0 and 86400 seconds")
    }
    if let retentionInDays, !NameRules.retentionDays.contains(retentionInDays) {
      let days = NameRules.retentionDaysText
      throw CommandError(.usage, "--retention-in-days \(retentionInDays) is none of \(days)")
    }
    if state != nil, !isRecords { throw CommandError(.usage, "--state goes with --records or --config; plain lines have no positions") }
    if spool != nil, isRecords {
      throw CommandError(.usage, "--spool goes with plain lines; records can be read again, since the files are their own spool")
    }
    if spool == nil, spoolMax != nil || spoolFull != nil {
      throw CommandError(.usage, "--spool-max and --spool-full go with --spool; give a directory")
    }
    if let spoolMax, spoolMax.bytes < Spool.smallestSize {
      throw CommandError(.usage, "--spool-max \(spoolMax.bytes) is less than \(Spool.smallestSize >> 20)M, which is the least")
    }
    if tee, aws.dryRun { throw CommandError(.usage, "--tee and --dry-run both want standard output; give one of them") }
  }

  private func store(_ configuration: Configuration?) -> PositionStore? {
    guard isRecords, !aws.dryRun else { return nil }
    return StateDirectory.find(option: state, configured: configuration?.agent.stateDirectory).map { PositionStore($0) }
  }

  private func plainDestination() throws -> Destination {
    guard let logGroup else { throw CommandError(.usage, "no log group; give --log-group") }
    guard let logStream else { throw CommandError(.usage, "no log stream; give --log-stream (or --records)") }
    return Destination(group: logGroup, stream: logStream)
  }

  private func logInput(_ shipper: Shipper, _ store: PositionStore?, _ routing: Routing) throws -> any LogInput {
    if isRecords { return RecordLogInput(shipper, store: store, destination: routing.destination) }
    return PlainLogInput(shipper, stream: shipper.stream(try plainDestination()))
  }
}

extension Spool.Overflow: ExpressibleByArgument {}
