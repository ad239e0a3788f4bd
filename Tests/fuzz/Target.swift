internal import Unix

typealias Bytes = UnsafeRawBufferPointer

/// What libFuzzer calls for each input, in one binary for all targets: the name by which it was called says which one is meant.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
  Target.chosen(Bytes(start: start, count: count))
  return 0
}

enum Target {
  static let all: [String: @Sendable (Bytes) -> Void] = [
    "aws-answer": fuzzAWSAnswer, "board-text": fuzzBoardText, "cached-credentials": fuzzCachedCredentials,
    "configuration": fuzzConfiguration, "event-form": fuzzEventForm,
    "http-request": fuzzHTTPRequest, "json-text": fuzzJSONText, "journal-entry": fuzzJournalEntry, "log-record": fuzzLogRecord,
    "metric-record": fuzzMetricRecord, "plain-filter": fuzzPlainFilter,
    "position": fuzzPosition, "position-file": fuzzPositionFile, "record-clock": fuzzRecordClock, "record-feed": fuzzRecordFeed,
    "shared-config": fuzzSharedConfig, "source-state": fuzzSourceState, "spool-segment": fuzzSpoolSegment,
    "srp-challenge": fuzzSRPChallenge, "timestamp-format": fuzzTimestampFormat, "x509-identity": fuzzX509Identity,
  ]

  static let chosen: @Sendable (Bytes) -> Void = {
    let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? ""
    guard let target = all[name] else { stop("no target is called '\(name)'; there are \(all.keys.sorted().joined(separator: " "))") }
    return target
  }()
}

/// What must be true of every input.
func hold(_ condition: Bool, _ promise: @autoclosure () -> String) {
  if !condition { stop("broken promise: " + promise()) }
}

func stop(_ text: String) -> Never {
  Array("\(text)\n".utf8).withUnsafeBytes { try? Descriptor.writeAll(STDERR_FILENO, $0) }
  abort()
}

extension UnsafeRawBufferPointer {
  /// The part before the first `byte` and the part behind it; without one, the second is empty.
  func split(at byte: UInt8) -> (Bytes, Bytes) {
    guard let host = firstIndex(of: byte, from: 0) else { return (self, part(count..<count)) }
    return (part(0..<host), part(host + 1..<count))
  }
}
