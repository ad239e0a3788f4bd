/// The units that CloudWatch knows (`StandardUnit`), and what each is of its kind.
package enum MetricUnit: String, CaseIterable, Sendable {
  case none = "None"
  case count = "Count"
  case countPerSecond = "Count/Second"
  case percent = "Percent"
  case seconds = "Seconds"
  case milliseconds = "Milliseconds"
  case microseconds = "Microseconds"
  case bytes = "Bytes"
  case kilobytes = "Kilobytes"
  case megabytes = "Megabytes"
  case gigabytes = "Gigabytes"
  case terabytes = "Terabytes"
  case bits = "Bits"
  case kilobits = "Kilobits"
  case megabits = "Megabits"
  case gigabits = "Gigabits"
  case terabits = "Terabits"
  case bytesPerSecond = "Bytes/Second"
  case kilobytesPerSecond = "Kilobytes/Second"
  case megabytesPerSecond = "Megabytes/Second"
  case gigabytesPerSecond = "Gigabytes/Second"
  case terabytesPerSecond = "Terabytes/Second"
  case bitsPerSecond = "Bits/Second"
  case kilobitsPerSecond = "Kilobits/Second"
  case megabitsPerSecond = "Megabits/Second"
  case gigabitsPerSecond = "Gigabits/Second"
  case terabitsPerSecond = "Terabits/Second"

  /// By CloudWatch's name, upper and lower case being the same, or by that of UCUM, which the CloudWatch agent takes too; nil
  /// if it is neither.
  package init?(named name: String) {
    let lower = name.lowercased()
    guard let unit = Self.allCases.first(where: { $0.rawValue.lowercased() == lower }) ?? Self.ucum[name] else { return nil }
    self = unit
  }

  /// A value in this unit as one in `other`; nil if it cannot be said in that. A kilobyte is 1000 bytes, as CloudWatch has it. What has no
  /// unit may be called a count.
  package func convert(_ value: Double, to other: MetricUnit) -> Double? {
    let (from, to) = (size, other.size)
    return from.kind == to.kind ? value * from.amount / to.amount : nil
  }

  // Eighths of a byte, and microseconds: every amount is a whole number, so that little is lost.
  private var size: (kind: Kind, amount: Double) {
    switch self {
    case .none, .count: (.number, 1)
    case .countPerSecond: (.numberPerSecond, 1)
    case .percent: (.share, 1)
    case .seconds: (.time, 1e6)
    case .milliseconds: (.time, 1e3)
    case .microseconds: (.time, 1)
    case .bytes: (.data, 8)
    case .kilobytes: (.data, 8e3)
    case .megabytes: (.data, 8e6)
    case .gigabytes: (.data, 8e9)
    case .terabytes: (.data, 8e12)
    case .bits: (.data, 1)
    case .kilobits: (.data, 1e3)
    case .megabits: (.data, 1e6)
    case .gigabits: (.data, 1e9)
    case .terabits: (.data, 1e12)
    case .bytesPerSecond: (.dataPerSecond, 8)
    case .kilobytesPerSecond: (.dataPerSecond, 8e3)
    case .megabytesPerSecond: (.dataPerSecond, 8e6)
    case .gigabytesPerSecond: (.dataPerSecond, 8e9)
    case .terabytesPerSecond: (.dataPerSecond, 8e12)
    case .bitsPerSecond: (.dataPerSecond, 1)
    case .kilobitsPerSecond: (.dataPerSecond, 1e3)
    case .megabitsPerSecond: (.dataPerSecond, 1e6)
    case .gigabitsPerSecond: (.dataPerSecond, 1e9)
    case .terabitsPerSecond: (.dataPerSecond, 1e12)
    }
  }

  private enum Kind { case number, numberPerSecond, share, time, data, dataPerSecond }

  // CloudWatch has no binary multiples; a value that is asked for in one is sent in the next decimal one.
  private static let ucum: [String: MetricUnit] = [
    "1": .count, "%": .percent, "s": .seconds, "ms": .milliseconds, "us": .microseconds, "By": .bytes, "kBy": .kilobytes, "MBy": .megabytes,
    "GBy": .gigabytes, "TBy": .terabytes, "KiBy": .kilobytes, "MiBy": .megabytes, "GiBy": .gigabytes, "TiBy": .terabytes, "bit": .bits,
    "By/s": .bytesPerSecond, "bit/s": .bitsPerSecond, "1/s": .countPerSecond,
  ]
}
