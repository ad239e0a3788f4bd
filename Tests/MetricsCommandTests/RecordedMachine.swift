import Unix

@testable import MetricsCommand

/// A machine of `Tests/fixtures/machines`: what its `/proc` and `/sys` said at two moments ten seconds apart.
struct RecordedMachine {
  let name: String

  enum Moment: String {
    case before, after
  }

  func root(_ moment: Moment) -> String { "\(Self.repository)/Tests/fixtures/machines/\(name)/\(moment.rawValue)" }

  func file(_ path: String, _ moment: Moment = .before) throws -> [UInt8] { try TextFile.read("\(root(moment))/\(path)") }

  /// The repository that this file lies in.
  static let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
}

/// Hands the bytes of a text to a parser.
func parsed<Value>(_ text: String, _ parse: (UnsafeRawBufferPointer) -> Value) -> Value { parsed(Array(text.utf8), parse) }

func parsed<Value>(_ bytes: [UInt8], _ parse: (UnsafeRawBufferPointer) -> Value) -> Value { bytes.withUnsafeBytes(parse) }
