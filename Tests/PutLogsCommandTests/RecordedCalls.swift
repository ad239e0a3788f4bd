internal import AWS
internal import TestSupport
@testable internal import PutLogsCommand
@testable internal import Unix

/// A client that sends nothing and keeps what it would have sent (`--dry-run`), and a shipper that uses it.
struct RecordedCalls {
  let client: RetryingClient
  let shipper: Shipper
  private let folder: TemporaryFolder
  private let descriptor: Int32

  struct AWSRequest: Equatable {
    var operation: String
    var group: String
    var stream: String
    var messages: [String]
    var timestamps: [Int64]
  }

  init() throws {
    folder = try TemporaryFolder()
    descriptor = open(folder.file("calls"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError("open a file for calls") }
    var options = ClientOptions(
      region: "eu-central-1", retryPolicy: RetryPolicy(maximumAttempts: 1, repeatsUncertain: true), userAgent: "test")
    options.dryRunDescriptor = descriptor
    client = try RetryingClient(options, fixed: nil)
    shipper = Shipper(client, interval: 10)
  }

  /// Ends the input: sends everything that is there and returns all calls so far.
  func finish() throws -> [AWSRequest] {
    shipper.sendAll()
    while !shipper.isIdle { client.wait(milliseconds: 0) }
    return try TextFile.read(folder.file("calls")).split(separator: 0x0A).map { line in
      let json = try JSONValue(line)
      let request = json["request"]
      let events = request?["logEvents"]?.elements ?? []
      return AWSRequest(
        operation: json["operation"]?.string ?? "", group: request?["logGroupName"]?.string ?? "",
        stream: request?["logStreamName"]?.string ?? "", messages: events.compactMap { $0["message"]?.string },
        timestamps: events.compactMap { $0["timestamp"]?.number }.map { Int64($0) })
    }
  }
}

extension LogInput {
  func take(_ line: String, _ terminator: LineReader.Terminator = .lineFeed, realtime: Int64 = 1_795_341_600_000) {
    take(Array(line.utf8), terminator, realtime: realtime)
  }

  func take(_ line: [UInt8], _ terminator: LineReader.Terminator = .lineFeed, realtime: Int64 = 1_795_341_600_000) {
    line.withUnsafeBytes { take(LineReader.Line(bytes: $0, terminator: terminator), now: 0, realtime: realtime) }
  }
}
