package import ArgumentParser
internal import AWS
internal import Config
internal import Delivery
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

  @Option(help: ArgumentHelp("Send at the latest after this many seconds.", valueName: "seconds"))
  var interval = 10.0

  @OptionGroup var aws: AWSOptions
  @OptionGroup var common: CommonOptions

  package init() {}

  package func run() throws {
    guard interval >= 0, interval <= 86400 else {
      throw CommandError(.usage, "--interval \(interval) is not between 0 and 86400 seconds")
    }
    let configuration = try common.config.map { try Configuration.load($0, warn: Messages.warning) } ?? Configuration()
    let namespace = namespace ?? configuration.metrics.namespace
    guard NameRules.isNamespace(namespace) else {
      throw CommandError(.usage, "'\(namespace)' is no namespace; it has up to 255 ASCII characters and does not begin with AWS/")
    }
    let client = try AWSSession(aws, configuration: configuration, configurationPath: common.config).client(
      for: CloudWatch.service, retryPolicy: RetryPolicy(maximumAttempts: nil, repeatsUncertain: false))
    let messages = RetryMessages()
    client.onRetry = messages.report
    let sender = MetricSender(client, namespace: namespace, interval: interval)
    try EventLoop(
      client, sender, readsOnWhenToldToStop: common.config != nil,
      timeoutAtEnd: EventLoop.Timeout.atEndOfUnrepeatableInput
    ).run()
    try conclude(sender)
  }

  private func conclude(_ sender: MetricSender) throws {
    let counters = sender.counters
    if common.verbose {
      Messages.info("delivered \(counters.delivered) metrics in \(counters.requests) requests, refused \(counters.refused)")
    }
    let lost = sender.undelivered == 0 ? "" : "; \(sender.undelivered) metrics are lost"
    if let failure = sender.failure { throw CommandError(failure.status, failure.message + lost) }
    if sender.undelivered > 0 { throw CommandError(.tryAgain, "time is over" + lost) }
    // People write records by hand; only in a supervised pipe is a missing end a dead neighbour.
    if common.config != nil, !sender.isWhole {
      let refused = counters.refused > 0 ? "; \(counters.refused) metrics were refused" : ""
      throw CommandError(.upstreamBroke, "the input ended without the {\"end\":N} of its records; look at what wrote it\(refused)")
    }
    if counters.refused > 0 { throw CommandError(.dataRefused, "\(counters.refused) metrics were refused") }
    if counters.uncertain > 0 { throw CommandError(.tryAgain, "\(counters.uncertain) metrics may not have arrived") }
  }
}
