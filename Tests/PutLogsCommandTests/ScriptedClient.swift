internal import TestSupport
internal import Unix
@testable internal import AWS

/// A service whose answers the test decides, one call at a time.
final class ScriptedClient: AWSClient {
  struct Pending {
    var operation: String
    var group: String
    var stream: String
    var messages: [String]
    var timestamps: [Int64]
    var request: JSONValue?
    var onFailure: ((AWSError) -> Void)?
    var completion: RetryingClient.Completion
  }

  private(set) var calls: [Pending] = []
  var pendingCount: Int { calls.count }
  /// What time it is by the service, at the boot of this machine; nil: it has not told.
  var bootTime: Int64?
  /// Called when a request goes out.
  var onStart: (() -> Void)?

  func serviceOffset(at now: Clock.Reading) -> Int64? { bootTime.map { $0 - now.bootTime } }

  func start(_ call: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion) {
    onStart?()
    let request = try? JSONValue(call.body.array)
    calls.append(
      Pending(
        operation: call.operation, group: request?["logGroupName"]?.string ?? "",
        stream: request?["logStreamName"]?.string ?? "",
        messages: (request?["logEvents"]?.elements ?? []).compactMap { $0["message"]?.string },
        timestamps: (request?["logEvents"]?.elements ?? []).compactMap { $0["timestamp"]?.number }.map { Int64($0) }, request: request,
        onFailure: onFailure, completion: completion))
  }

  /// What is under way to a stream; nil if nothing is.
  func messages(_ stream: String) -> [String]? { calls.first { $0.stream == stream }?.messages }

  /// Ends the oldest call for a stream.
  func end(_ stream: String, _ result: Result<String, AWSError>) {
    guard let index = calls.firstIndex(where: { $0.stream == stream }) else { return }
    let call = calls.remove(at: index)
    call.completion(result.map { AWSResponse(requestId: "1", body: Array($0.utf8)) })
  }

  func accept(_ stream: String, _ body: String = "") { end(stream, .success(body)) }

  func refuse(_ stream: String, _ kind: AWSError.Kind, _ code: String) { end(stream, .failure(Self.error(kind, code))) }

  /// An attempt failed that the client repeats.
  func fail(_ stream: String) {
    calls.first { $0.stream == stream }?.onFailure?(Self.error(.transient, "InternalFailure"))
  }

  static func error(_ kind: AWSError.Kind, _ code: String) -> AWSError {
    AWSError(kind: kind, code: code, detail: "said the test", host: "here", operation: "PutLogEvents")
  }
}
