internal import AWS
internal import Delivery
internal import Records
internal import Unix

/// Metric records on their way: checked, batched by namespace, sent one call at a time.
final class MetricSender: Sender {
  /// What became of the records.
  struct Counters: Equatable {
    var records: Int64 = 0
    var delivered = 0
    var requests = 0
    var refused = 0
    /// Metrics sent once, without an answer: sent again they might count twice.
    var uncertain = 0
  }

  private let client: RetryingClient
  private let defaultNamespace: String
  private let intervalNanoseconds: Int64
  private var filling: [(batch: DatumBatch, since: Int64)] = []
  private var waiting: [DatumBatch] = []
  private var underWay: DatumBatch?
  private var announcedEnd: Int64?
  private var isInsideLongLine = false
  private var reportedReasons: Set<String> = []
  private(set) var counters = Counters()
  private(set) var failure: AWSError?

  /// How many batches may wait in memory, and how many bytes they may have; one of a machine's usual sample has about 10 kB.
  private static let maximumWaiting = 64
  private static let maximumSize = 8 << 20
  /// How many namespaces may have a batch that is not full.
  private static let maximumFilling = 64

  /// - Parameter interval: seconds after which a batch is sent that is not full.
  init(_ client: RetryingClient, namespace: String, interval: Double) {
    self.client = client
    defaultNamespace = namespace
    intervalNanoseconds = Int64(min(max(interval, 0), 1e6) * 1e9)
  }

  var maximumLineLength: Int { MetricRecord.maximumLineLength }
  var isFull: Bool { waiting.count >= Self.maximumWaiting || heldSize >= Self.maximumSize }
  var isIdle: Bool { filling.isEmpty && waiting.isEmpty && underWay == nil }
  var hasFailed: Bool { failure != nil }
  var nextDue: Int64? { filling.first.map { $0.since + intervalNanoseconds } }
  /// Metrics that are neither delivered nor refused.
  var undelivered: Int {
    filling.reduce(0) { $0 + $1.batch.count } + waiting.reduce(0) { $0 + $1.count } + (underWay?.count ?? 0)
  }
  /// Whether the input ended as it should: with the number of its records.
  var isWhole: Bool { announcedEnd == counters.records }

  func take(_ line: LineReader.Line, now: Int64, realtime: Int64) {
    // The rest of a line that is too long is no line of its own, whatever it looks like.
    if line.terminator == .cut || isInsideLongLine {
      if !isInsideLongLine { refuse(line: "longer than a megabyte") }
      isInsideLongLine = line.terminator == .cut
      return
    }
    // A killed writer leaves half a record, and half a number may look like a whole one.
    guard line.terminator == .lineFeed else { return refuse("the input ended inside its line: a record counts with its line feed only") }
    switch MetricRecord.parse(line.bytes) {
    case .end(let count): announcedEnd = count
    case .invalid(let reason): refuse(line: reason)
    case .record(let record):
      counters.records += 1
      let namespace = record.namespace ?? defaultNamespace
      if let validationError = DatumRules.validationError(of: record, namespace: namespace, now: client.serviceMilliseconds) {
        refuse("\(record.name): \(validationError)")
      } else {
        add(record, namespace: namespace, now: now)
      }
    }
  }

  private func add(_ record: MetricRecord, namespace: String, now: Int64) {
    if let index = filling.firstIndex(where: { $0.batch.namespace == namespace }) {
      if filling[index].batch.add(record) { return }
      seal(index)
    }
    if filling.count >= Self.maximumFilling || heldSize >= Self.maximumSize { seal(0) }
    let batch = DatumBatch(namespace: namespace)
    _ = batch.add(record)
    filling.append((batch, now))
  }

  private var heldSize: Int { filling.reduce(0) { $0 + $1.batch.body.count } + waiting.reduce(0) { $0 + $1.body.count } }

  // The writer has counted a line that is no record as one.
  private func refuse(line reason: String) {
    counters.records += 1
    refuse(reason)
  }

  // Once for each reason; all are counted.
  private func refuse(_ reason: String) {
    counters.refused += 1
    guard reportedReasons.count < 20, reportedReasons.insert(reason).inserted else { return }
    Messages.warning("a metric is refused and not sent: \(reason)")
  }

  func sendDue(now: Int64) {
    while let first = filling.first, now - first.since >= intervalNanoseconds { seal(0) }
  }

  func sendAll() { while !filling.isEmpty { seal(0) } }

  private func seal(_ index: Int) {
    let batch = filling.remove(at: index).batch
    batch.seal()
    waiting.append(batch)
    sendNext()
  }

  private func sendNext() {
    guard underWay == nil, failure == nil, !waiting.isEmpty else { return }
    let batch = waiting.removeFirst()
    underWay = batch
    client.start(CloudWatch.putMetricData(body: batch.body)) { [self] result in
      underWay = nil
      switch result {
      case .success:
        counters.requests += 1
        counters.delivered += batch.count
      case .failure(let error): failed(batch, error)
      }
      sendNext()
    }
  }

  private func failed(_ batch: DatumBatch, _ error: AWSError) {
    switch error.kind {
    case .refused, .tooLarge:
      if batch.count > 1 {
        let (first, second) = batch.halves()
        waiting.insert(contentsOf: [first, second], at: 0)
      } else {
        refuse(error.message)
      }
    default:
      if error.mayHaveBeenAccepted {
        counters.uncertain += batch.count
        Messages.warning(
          "\(batch.count) metrics may or may not have arrived and are not sent again, which could count them twice: "
            + error.message)
      } else {
        failure = error
        waiting.insert(batch, at: 0)
      }
    }
  }
}
