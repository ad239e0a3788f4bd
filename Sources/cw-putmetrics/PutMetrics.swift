package import ArgumentParser
internal import AWS
internal import Config
internal import Delivery
internal import MetricOutput
internal import Records
internal import Unix

package struct PutMetrics: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-putmetrics",
    abstract: "Put metric records into CloudWatch.",
    discussion: """
      Reads metric records from standard input, one JSON object a line, as cw-metrics writes them. Each keeps its own
      timestamp, however late it arrives.

        cw-metrics | cw-putmetrics --namespace System/Pi
        printf '{"name":"Backups","value":3,"unit":"Count","timestamp":%s000}\\n' "$(date +%s)" | cw-putmetrics

      See cw-putmetrics(1).
      """,
    version: toolkitVersion)

  @Option(
    help: ArgumentHelp(
      "Namespace of records that have none. (default: metrics.namespace, else System/Default)", valueName: "name"))
  var namespace: String?

  @Option(
    help: ArgumentHelp("Make a call at most so often, in seconds. (default: metrics.put_interval, else 10)", valueName: "seconds"))
  var interval: Double?

  @Option(help: ArgumentHelp("Keep metrics there until they are delivered.", valueName: "directory"), completion: .directory)
  var spool: String?

  @Option(help: ArgumentHelp("How large the spool may get, with K, M or G. (default: 64M)", valueName: "size"))
  var spoolMax: ByteSize?

  @Flag(help: "Show how delivery stands with this spool or configuration, and exit.")
  var status = false

  /// How long an earlier pipe may take to end, in milliseconds: a little longer than a supervisor gives it.
  private static let patience: Int64 = 25_000

  @OptionGroup var aws: AWSOptions
  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {
    try checkOptions()
    let configuration = try common.config.map { try Configuration.load($0, warn: warnUnlessAsked) }
    if status { return try showStatus(directory(configuration), putInterval: configuration?.metrics.putInterval) }
    let namespace = namespace ?? configuration?.metrics.namespace ?? Configuration().metrics.namespace
    guard NameRules.isNamespace(namespace) else {
      throw CommandError(.usage, "'\(namespace)' is no namespace; it has up to 255 ASCII characters and does not begin with AWS/")
    }
    let client = try AWSSession(aws, configuration: configuration ?? Configuration(), configurationPath: common.config).client(
      for: CloudWatch.service, retryPolicy: RetryPolicy(maximumAttempts: nil, repeatsUncertain: false))
    let (queue, folder) = try queue(configuration)
    let sender = sender(client, queue, namespace: namespace, configuration, isDurable: folder != nil)
    if let folder { try begin(sender, folder, uncertain: (queue as? Spool)?.uncertain ?? 0) }
    if let configuration { try addOwnRecords(sender, client, configuration) }
    let loop = try EventLoop(
      client, sender, readsOnWhenToldToStop: common.config != nil,
      timeoutAtEnd: folder == nil ? EventLoop.Timeout.atEndOfUnrepeatableInput : nil)
    // What was read is kept, however it ends.
    let outcome = Result { try loop.run() }
    sender.close()
    try outcome.get()
    try conclude(sender, folder)
  }

  // The running pipe has warned of the same configuration already.
  private func warnUnlessAsked(_ text: String) { if !status || common.verbose { Messages.warning(text) } }

  private func checkOptions() throws {
    if let interval, !(interval >= 0 && interval <= 86400) {
      throw CommandError(.usage, "--interval \(interval) is not between 0 and 86400 seconds")
    }
    if let spoolMax, spoolMax.bytes < Spool.smallestSize {
      throw CommandError(.usage, "--spool-max \(spoolMax.bytes) is less than \(Spool.smallestSize >> 20)M, which is the least")
    }
    if spool == nil, common.config == nil {
      if spoolMax != nil { throw CommandError(.usage, "--spool-max goes with --spool; give a directory") }
      if status { throw CommandError(.usage, "--status needs what keeps the metrics; give --spool or --config") }
    }
  }

  private func directory(_ configuration: Configuration?) -> String? {
    spool ?? state(configuration).map { "\($0.path)/metrics" }
  }

  private func state(_ configuration: Configuration?) -> StateDirectory? {
    configuration.flatMap { StateDirectory.find(option: nil, configured: $0.agent.stateDirectory) }
  }

  // The state is the pipe's that a supervisor keeps running; whoever puts a metric by the same configuration meanwhile has none.
  private func isBesideAService(_ configuration: Configuration?) -> Bool {
    guard spool == nil, let state = state(configuration) else { return false }
    let supervisor = (try? StateLock.existing(state)?.holder(of: .supervisor)) ?? nil
    return supervisor.map { $0 != getppid() } ?? false
  }

  // Who samples does not wait: the oldest go. Who reads a file does.
  private func queue(_ configuration: Configuration?) throws -> (any RecordQueue, folder: String?) {
    var options = Spool.Options()
    options.noun = "metrics"
    options.sendsOnce = true
    options.maximumSize = spoolMax?.bytes ?? options.maximumSize
    options.overflow = configuration == nil ? .block : .dropOldest
    options.memoryLimit = 8 << 20
    options.items = MetricBlock.count
    guard let folder = directory(configuration), !aws.dryRun, !isBesideAService(configuration) else {
      return (MemoryQueue(options, warn: Messages.warning), nil)
    }
    do {
      return (try Spool.open(folder, options, patience: spool == nil ? Self.patience : 0), folder)
    } catch let error as SystemError {
      guard spool == nil else { throw CommandError(.cannotWrite, "metrics cannot be kept: \(error.message); give another --spool") }
      Messages.warning("metrics are kept in memory only: \(error.message)")
      return (MemoryQueue(options, warn: Messages.warning), nil)
    } catch is Spool.ForeignRecords {
      throw CommandError(.badConfiguration, "lines of cw-putlogs wait in \(folder); give another --spool")
    }
  }

  private func sender(
    _ client: RetryingClient, _ queue: any RecordQueue, namespace: String, _ configuration: Configuration?, isDurable: Bool
  ) -> MetricSender {
    var options = MetricSender.Options()
    options.namespace = namespace
    options.interval = interval ?? configuration?.metrics.putInterval ?? options.interval
    options.waitsAtFirst = configuration == nil
    options.sendsFullCalls = configuration == nil
    options.isDurable = isDurable
    options.storageResolution = configuration?.metrics.storageResolution
    let messages = RetryMessages()
    options.retryPolicy = client.retryPolicy
    return MetricSender(client, queue, options, serviceTime: { client.serviceMilliseconds }, report: messages.report)
  }

  private func begin(_ sender: MetricSender, _ folder: String, uncertain: Int) throws {
    let file = StatusFile("\(folder)/status")
    sender.status = file.read() ?? DeliveryStatus(since: Clock.realtimeMilliseconds())
    sender.status.failingSince = 0
    sender.status.uncertain += uncertain
    sender.statusFile = file
    guard uncertain > 0 else { return }
    Messages.warning(
      "\(uncertain) metrics were being sent when the last run was killed; they may or may not have arrived, and are not sent again,"
        + " which could count them twice")
  }

  private func addOwnRecords(_ sender: MetricSender, _ client: RetryingClient, _ configuration: Configuration) throws {
    let (logStatus, clockOffset) = (configuration.metrics.logStatus, configuration.metrics.clockOffset)
    guard logStatus != .none || clockOffset else { return }
    let dimensions = try CommonDimensions(configuration, interval: nil)
    sender.ownRecords = { [unowned sender] in
      let now = Clock.realtimeMilliseconds()
      var records = logStatus == .none ? [] : sender.status.records(dimensions, now: now)
      if clockOffset, let distance = client.clockDistance {
        records.append(dimensions.record("ClockOffset", Double(distance) / 1000, .seconds, timestamp: now, own: []))
      }
      return records
    }
  }

  private func conclude(_ sender: MetricSender, _ folder: String?) throws {
    let progress = sender.progress
    if common.verbose {
      Messages.info("delivered \(progress.delivered) metrics in \(progress.requests) requests, refused \(progress.refused)")
    }
    let stored = sender.queue.waiting - sender.queue.unstored
    let lost = sender.undelivered - stored
    let wait = stored == 0 ? "" : "; \(stored) metrics wait in \(folder ?? ""); the next run sends them"
    let left = wait + (lost == 0 ? "" : "; \(lost) metrics are lost")
    if let failure = sender.failure { throw CommandError(failure.status, failure.message + left) }
    if lost > 0 { throw CommandError(.tryAgain, "time is over" + left) }
    // People write records by hand; only in a supervised pipe is a missing end a dead neighbour.
    if common.config != nil, !sender.isWhole {
      let refused = progress.refused > 0 ? "; \(progress.refused) metrics were refused" : ""
      throw CommandError(.upstreamBroke, "the input ended without the {\"end\":N} of its records; look at what wrote it\(refused)\(wait)")
    }
    if stored > 0 { throw CommandError(.tryAgain, String(wait.dropFirst(2))) }
    if progress.refused > 0 { throw CommandError(.dataRefused, "\(progress.refused) metrics were refused") }
    if progress.expired > 0 {
      throw CommandError(.dataRefused, "\(progress.expired) metrics were dropped: they had waited for more than two weeks")
    }
    if sender.queue.dropped > 0 {
      throw CommandError(
        .dataRefused, "\(sender.queue.dropped) metrics were dropped, the oldest, since no more may wait (--spool-max)")
    }
    if progress.uncertain > 0 { throw CommandError(.tryAgain, "\(progress.uncertain) metrics may not have arrived") }
  }
}

extension Spool {
  /// - Parameter patience: how long to wait for another process that has the spool, in milliseconds.
  fileprivate static func open(_ folder: String, _ options: Options, patience: Int64) throws -> Spool {
    let start = Clock.monotonicNanoseconds()
    while true {
      do {
        return try Spool(directory: folder, label: Array("metrics".utf8), options, warn: Messages.warning)
      } catch let error as CommandError where error.status == .tryAgain {
        guard Clock.monotonicNanoseconds() - start < patience * 1_000_000 else { throw error }
        usleep(100_000)
      }
    }
  }
}

extension DeliveryStatus {
  fileprivate init(since: Int64) {
    self.init()
    self.since = since
  }
}
