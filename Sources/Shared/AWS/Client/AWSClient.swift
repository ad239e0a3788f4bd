package import Unix

/// Sends requests, each in as many attempts as it takes. Programs use `RetryingClient`; tests have their own.
package protocol AWSClient: AnyObject {
  /// The number of requests that have not ended.
  var pendingCount: Int { get }

  /// Milliseconds to add to this machine's clock at `now` to get the service's time; nil until a response has told it.
  func serviceOffset(at now: Clock.Reading) -> Int64?

  /// Starts a request and returns at once.
  /// - Parameters:
  ///   - onFailure: called with the error of each attempt that will be repeated.
  ///   - completion: called once, later.
  func start(_ request: AWSRequest, onFailure: ((AWSError) -> Void)?, completion: @escaping RetryingClient.Completion)
}

extension AWSClient {
  /// Nil: the client learns no clock.
  package func serviceOffset(at now: Clock.Reading) -> Int64? { nil }

  /// Starts a request whose failed attempts are of no interest.
  package func start(_ request: AWSRequest, completion: @escaping RetryingClient.Completion) {
    start(request, onFailure: nil, completion: completion)
  }
}
