package import Unix

/// One measurement, or several of one metric (cw-record(5)); the members are those of CloudWatch's `MetricDatum`.
package struct MetricRecord: Equatable {
  /// What was measured.
  package enum Measurement: Equatable {
    case value(Double)
    /// Values and how often each occurred; both lists are equally long.
    case distribution(values: [Double], counts: [Double])
    case statistics(count: Double, sum: Double, minimum: Double, maximum: Double)
  }

  package struct Dimension: Hashable {
    package var name: String
    package var value: String

    /// Both as CloudWatch gets them.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package var namespace: String?
  package var name: String
  package var measurement: Measurement
  /// A unit of CloudWatch's `StandardUnit`; nil is its `None`.
  package var unit: String?
  /// Milliseconds since the epoch.
  package var timestamp: Int64
  /// 1 for a high-resolution metric, else nil.
  package var resolution: Int?
  /// In the order written.
  package var dimensions: [Dimension]

  /// A record; the parameters are the properties.
  package init(
    namespace: String? = nil, name: String, measurement: Measurement, unit: String? = nil, timestamp: Int64,
    resolution: Int? = nil, dimensions: [Dimension] = []
  ) {
    self.namespace = namespace
    self.name = name
    self.measurement = measurement
    self.unit = unit
    self.timestamp = timestamp
    self.resolution = resolution
    self.dimensions = dimensions
  }

  /// The longest line that is read: 30 dimensions of 1,024 characters and 150 values fit many times.
  package static let maximumLineLength = 1 << 20

  // MARK: - writing

  /// Appends the record and its LF. Numbers that JSON does not have (infinities, NaN) must not be in it.
  package func append(to buffer: ByteBuffer) {
    appendHead(to: buffer)
    switch measurement {
    case .value(let value):
      buffer.append(",\"value\":")
      Self.append(value, to: buffer)
    case .distribution(let values, let counts):
      buffer.append(",\"values\":")
      Self.append(values, to: buffer)
      buffer.append(",\"counts\":")
      Self.append(counts, to: buffer)
    case .statistics(let count, let sum, let minimum, let maximum):
      buffer.append(",\"statistics\":{\"count\":")
      Self.append(count, to: buffer)
      buffer.append(",\"sum\":")
      Self.append(sum, to: buffer)
      buffer.append(",\"minimum\":")
      Self.append(minimum, to: buffer)
      buffer.append(",\"maximum\":")
      Self.append(maximum, to: buffer)
      buffer.append("}")
    }
    appendUnit(to: buffer)
    buffer.append(decimal: timestamp)
    appendTail(to: buffer)
  }

  // Before the measurement.
  func appendHead(to buffer: ByteBuffer) {
    buffer.append("{\"name\":")
    JSONText.append(string: name, to: buffer)
  }

  // Between the measurement and the time.
  func appendUnit(to buffer: ByteBuffer) {
    if let unit {
      buffer.append(",\"unit\":")
      JSONText.append(string: unit, to: buffer)
    }
    buffer.append(",\"timestamp\":")
  }

  // Behind the time.
  func appendTail(to buffer: ByteBuffer) {
    buffer.append(",\"dimensions\":{")
    for (index, dimension) in dimensions.enumerated() {
      if index > 0 { buffer.append(",") }
      JSONText.append(string: dimension.name, to: buffer)
      buffer.append(":")
      JSONText.append(string: dimension.value, to: buffer)
    }
    buffer.append("}")
    if let namespace {
      buffer.append(",\"namespace\":")
      JSONText.append(string: namespace, to: buffer)
    }
    if let resolution {
      buffer.append(",\"resolution\":")
      buffer.append(decimal: Int64(resolution))
    }
    buffer.append("}\n")
  }

  /// Appends the clean end: how many records were written before it.
  package static func appendEnd(after count: Int64, to buffer: ByteBuffer) {
    buffer.append("{\"end\":")
    buffer.append(decimal: count)
    buffer.append("}\n")
  }

  /// A number as JSON, the shortest form that reads back as the same: whole ones without `.0`.
  package static func append(_ value: Double, to buffer: ByteBuffer) {
    if let whole = Int64(exactly: value), value.magnitude < 1e15 {
      buffer.append(decimal: whole)
    } else {
      var digits = DigitStream(buffer: buffer)
      value.write(to: &digits)
    }
  }

  /// Takes the digits of a number without a `String` between.
  private struct DigitStream: TextOutputStream {
    let buffer: ByteBuffer

    mutating func write(_ text: String) { buffer.append(text) }

    // What the library calls for digits; without it `write` gets them.
    mutating func _writeASCII(_ digits: UnsafeBufferPointer<UInt8>) { buffer.append(UnsafeRawBufferPointer(digits)) }
  }

  private static func append(_ values: [Double], to buffer: ByteBuffer) {
    buffer.append("[")
    for (index, value) in values.enumerated() {
      if index > 0 { buffer.append(",") }
      append(value, to: buffer)
    }
    buffer.append("]")
  }

  // MARK: - reading

  /// What a line of a metric stream can be.
  package enum Line: Equatable {
    case record(MetricRecord)
    /// The clean end: how many records were written before it.
    case end(Int64)
    /// No record, and why.
    case invalid(String)
  }

  /// Reads a line without its LF. Keys in any order; unknown ones are stepped over. Only the shape is checked here, not
  /// what CloudWatch allows.
  package static func parse(_ line: UnsafeRawBufferPointer) -> Line {
    guard var object = ObjectScanner(line) else { return .invalid("not a JSON object") }
    var name: String?
    var value: Double?
    var values: [Double]?
    var counts: [Double]?
    var statistics: Measurement?
    var timestamp: Int64?
    var record = MetricRecord(name: "", measurement: .value(0), timestamp: 0)
    while let key = object.nextKey()?.text {
      let isValid: Bool
      switch key {
      case "name": isValid = text(&object).map { name = $0 } != nil
      case "value": isValid = object.number().map { value = $0 } != nil
      case "values": isValid = object.numbers().map { values = $0 } != nil
      case "counts": isValid = object.numbers().map { counts = $0 } != nil
      case "statistics": isValid = object.object().flatMap(parseStatistics).map { statistics = $0 } != nil
      case "unit": isValid = text(&object).map { record.unit = $0 } != nil
      case "timestamp": isValid = object.integer().map { timestamp = $0 } != nil
      case "namespace": isValid = text(&object).map { record.namespace = $0 } != nil
      case "resolution": isValid = object.integer().map { record.resolution = Int(truncatingIfNeeded: $0) } != nil
      case "dimensions": isValid = object.object().flatMap(parseDimensions).map { record.dimensions = $0 } != nil
      case "end" where name == nil:
        guard let count = object.integer(), object.nextKey() == nil, object.isComplete else {
          return .invalid("end does not stand alone")
        }
        return .end(count)
      default: isValid = object.skipValue()
      }
      guard isValid else { return .invalid("\(key) has a value of the wrong kind") }
    }
    guard object.isComplete else { return .invalid("not JSON") }
    guard let name, !name.isEmpty else { return .invalid("no name") }
    guard let timestamp else { return .invalid("no timestamp") }
    switch (value, values, statistics) {
    case (let value?, nil, nil): record.measurement = .value(value)
    case (nil, let values?, nil):
      let counts = counts ?? values.map { _ in 1 }
      guard counts.count == values.count, !values.isEmpty else { return .invalid("values and counts differ in number") }
      record.measurement = .distribution(values: values, counts: counts)
    case (nil, nil, let statistics?): record.measurement = statistics
    default: return .invalid("needs one of value, values, statistics")
    }
    record.name = name
    record.timestamp = timestamp
    return .record(record)
  }

  private static func text(_ object: inout ObjectScanner) -> String? {
    guard let string = object.string() else { return nil }
    return text(string.bytes)
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    let buffer = ByteBuffer(capacity: bytes.count)
    JSONText.appendUnescaped(bytes, to: buffer)
    return buffer.text
  }

  private static func parseDimensions(_ json: UnsafeRawBufferPointer) -> [Dimension]? {
    guard var object = ObjectScanner(json) else { return nil }
    var dimensions: [Dimension] = []
    while let key = object.nextKey() {
      guard let value = text(&object) else { return nil }
      dimensions.append(Dimension(name: text(key), value: value))
    }
    return object.isComplete ? dimensions : nil
  }

  private static func parseStatistics(_ json: UnsafeRawBufferPointer) -> Measurement? {
    guard var object = ObjectScanner(json) else { return nil }
    var members: [String: Double] = [:]
    while let key = object.nextKey()?.text {
      guard let value = object.number() else { return nil }
      members[key] = value
    }
    guard object.isComplete, let count = members["count"], let sum = members["sum"], let minimum = members["minimum"],
      let maximum = members["maximum"]
    else { return nil }
    return .statistics(count: count, sum: sum, minimum: minimum, maximum: maximum)
  }
}
