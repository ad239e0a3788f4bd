package import Unix

/// Somebody who makes calls, one of which may take many attempts. `RetryingClient` is one; tests have another.
package protocol AWSClient: AnyObject {
  /// Calls that have not ended.
  var pendingCount: Int { get }

  /// Milliseconds to add to this machine's clock in that moment to have the service's; nil as long as no answer has told.
  func serviceOffset(at now: Clock.Reading) -> Int64?

  /// Starts a call.
  /// - Parameters:
  ///   - onFailure: told of each attempt that failed and will be repeated.
  ///   - completion: called once, later.
  func start(_ request: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion)
}

extension AWSClient {
  package func serviceOffset(at now: Clock.Reading) -> Int64? { nil }

  package func start(_ request: AWSRequest, completion: @escaping RetryingClient.Completion) {
    start(request, onFailure: nil, completion: completion)
  }
}
