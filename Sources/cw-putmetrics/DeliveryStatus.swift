internal import MetricOutput
internal import Records
internal import Unix

/// How the delivery stands, over all runs with the same state: what `--status` shows. Times are milliseconds since the epoch; 0: never.
struct DeliveryStatus: Equatable {
  /// When counting began.
  var since: Int64 = 0
  var delivered = 0
  var refused = 0
  var uncertain = 0
  var dropped = 0
  var waitingInMemory = 0
  var waitingOnDisk = 0
  /// The time of the oldest metric that waits.
  var oldest: Int64 = 0
  var lastAccepted: Int64 = 0
  var lastRefusal: Int64 = 0
  var refusal = ""
  /// Since when nothing is accepted; 0: the last call was.
  var failingSince: Int64 = 0
  var error = ""

  private static let numbers: [(name: String, path: any WritableKeyPath<DeliveryStatus, Int> & Sendable)] = [
    ("delivered", \.delivered), ("refused", \.refused), ("uncertain", \.uncertain), ("dropped", \.dropped),
    ("waiting_in_memory", \.waitingInMemory), ("waiting_on_disk", \.waitingOnDisk),
  ]
  private static let times: [(name: String, path: any WritableKeyPath<DeliveryStatus, Int64> & Sendable)] = [
    ("since", \.since), ("oldest", \.oldest), ("last_accepted", \.lastAccepted), ("last_refusal", \.lastRefusal),
    ("failing_since", \.failingSince),
  ]
  private static let texts: [(name: String, path: any WritableKeyPath<DeliveryStatus, String> & Sendable)] = [
    ("refusal", \.refusal), ("error", \.error),
  ]

  var isFailing: Bool { failingSince > 0 }

  mutating func accepted(_ count: Int, at now: Int64) {
    delivered += count
    lastAccepted = now
    failingSince = 0
  }

  mutating func refused(_ count: Int, _ reason: String, at now: Int64) {
    refused += count
    (lastRefusal, refusal) = (now, Self.short(reason))
  }

  mutating func failed(_ message: String, at now: Int64) {
    if failingSince == 0 { failingSince = now }
    error = Self.short(message)
  }

  private static func short(_ text: String) -> String { String(text.prefix(300)) }

  // MARK: - the file

  var json: ByteBuffer {
    let buffer = ByteBuffer(capacity: 512)
    buffer.append("{")
    for (name, path) in Self.numbers { buffer.append("\"\(name)\":\(self[keyPath: path]),") }
    for (name, path) in Self.times { buffer.append("\"\(name)\":\(self[keyPath: path]),") }
    for (index, (name, path)) in Self.texts.enumerated() {
      buffer.append("\(index > 0 ? "," : "")\"\(name)\":")
      JSONText.append(string: self[keyPath: path], to: buffer)
    }
    buffer.append("}")
    return buffer
  }

  init() {}

  /// Nil: no such file's content. Numbers are bounded, so that sums have room.
  init?(json: UnsafeRawBufferPointer) {
    guard var object = ObjectScanner(json) else { return nil }
    while let key = object.nextKey()?.text {
      if let text = Self.texts.first(where: { $0.name == key }) {
        guard let value = object.string() else { return nil }
        let buffer = ByteBuffer(capacity: value.bytes.count)
        JSONText.appendUnescaped(value.bytes, to: buffer)
        self[keyPath: text.path] = buffer.text
      } else {
        guard let value = object.integer(), (0..<1 << 53).contains(value) else { return nil }
        if let number = Self.numbers.first(where: { $0.name == key }) { self[keyPath: number.path] = Int(value) }
        if let time = Self.times.first(where: { $0.name == key }) { self[keyPath: time.path] = value }
      }
    }
    guard object.isComplete else { return nil }
  }

  // MARK: - for CloudWatch

  /// The figures as metrics. `now` is milliseconds since the epoch.
  func records(_ dimensions: CommonDimensions, now: Int64) -> [MetricRecord] {
    let waiting = waitingInMemory + waitingOnDisk
    let figures: [(String, Double, MetricUnit)] = [
      ("MetricsDelivered", Double(delivered), .count), ("MetricsRefused", Double(refused), .count),
      ("MetricsUncertain", Double(uncertain), .count), ("MetricsDropped", Double(dropped), .count),
      ("MetricsWaiting", Double(waiting), .count), ("MetricLagSeconds", Double(lag(now: now)) / 1000, .seconds),
    ]
    return figures.map { dimensions.record($0.0, $0.1, $0.2, timestamp: now, own: []) }
  }

  /// For how long the oldest metric has waited, in milliseconds.
  func lag(now: Int64) -> Int64 { oldest > 0 && waitingInMemory + waitingOnDisk > 0 ? max(0, now - oldest) : 0 }

  // MARK: - for people

  func table(now: Int64) -> String {
    let header = ["DELIVERED", "REFUSED", "UNCERTAIN", "DROPPED", "LAST ACCEPTED", "IN MEMORY", "ON DISK", "FOR", "REMARKS"]
    var remarks: [String] = []
    if isFailing { remarks.append("failing for \(Self.age(failingSince, now)): \(error)") }
    if lastRefusal > 0 { remarks.append("refused \(Self.age(lastRefusal, now)) ago: \(refusal)") }
    if remarks.isEmpty, since > 0 { remarks.append("counted since \(DateTime(milliseconds: since).iso8601)") }
    let row = [
      "\(delivered)", "\(refused)", "\(uncertain)", "\(dropped)", lastAccepted > 0 ? "\(Self.age(lastAccepted, now)) ago" : "never",
      "\(waitingInMemory)", "\(waitingOnDisk)", Self.age(now - lag(now: now), now), remarks.joined(separator: "; ").printable,
    ]
    return columns([header, row], rightAligned: [0, 1, 2, 3, 4, 5, 6, 7])
  }

  private static func age(_ time: Int64, _ now: Int64) -> String {
    Table.text(Double(max(0, now - time)) / 1000, unit: .seconds)
  }
}
