internal import AWS
internal import Config

/// Makes the groups and streams that the service does not know.
extension Shipper {
  /// How often a stream is made that the service then says it does not know: its own view lags behind for some seconds. The pauses
  /// between double, and take half a minute in all.
  private static let maximumCreations = 7
  private static let firstPause: Int64 = 500_000_000

  // At once the first time, then after pauses, and in the end as what may not be written.
  func make(_ stream: LogStream, _ error: AWSError) {
    guard stream.creations > 0 else { return make(stream) }
    guard stream.creations < Self.maximumCreations else { return close(stream, error) }
    if let batch = stream.underWay { failing(error, batch, stream) }
    paused.append((stream, clock() + Self.firstPause << Int64(stream.creations - 1)))
  }

  private func make(_ stream: LogStream) {
    stream.creations += 1
    makeStream(stream, mayMakeGroup: true) { [self] in
      if let batch = stream.underWay { put(batch, stream) }
    }
  }

  func goOn(now: Int64) {
    let due = paused.filter { $0.until <= now }
    paused.removeAll { $0.until <= now }
    for (stream, _) in due { make(stream) }
  }

  // The stream first, the group only if it is missing: in nearly all cases one call.
  private func makeStream(_ stream: LogStream, mayMakeGroup: Bool, then: @escaping () -> Void) {
    let destination = stream.destination
    start(CloudWatchLogs.createLogStream(destination.stream, group: destination.group)) { [self] error in
      switch error?.code {
      case nil, "ResourceAlreadyExistsException": then()
      case Self.notFound where mayMakeGroup: makeGroup(stream, then: then)
      default: if let error { creationFailed(error, stream) }
      }
    }
  }

  private func makeGroup(_ stream: LogStream, then: @escaping () -> Void) {
    let group = stream.destination.group
    let settings = groups(group)
    let request = CloudWatchLogs.createLogGroup(
      group, groupClass: settings.logGroupClass?.rawValue, kmsKeyId: settings.kmsKeyId, tags: settings.tags)
    start(request) { [self] error in
      switch error?.code {
      case nil:
        // One of this name may have been there before, and is gone with its retention.
        retentionDone.remove(group)
        makeStream(stream, mayMakeGroup: false, then: then)
      case "ResourceAlreadyExistsException": makeStream(stream, mayMakeGroup: false, then: then)
      default: if let error { creationFailed(error, stream) }
      }
    }
  }

  private func creationFailed(_ error: AWSError, _ stream: LogStream) {
    switch error.kind {
    // The group that was made just now is not there yet.
    case .refused where error.code == Self.notFound: make(stream, error)
    case .refused, .tooLarge, .accessDenied: close(stream, error)
    default: failure = failure ?? error
    }
  }

  // Once a run for each group, and again for one that was deleted meanwhile; when it is known to exist.
  func setRetention(_ group: String) {
    guard retentionDone.insert(group).inserted, let days = groups(group).retention else { return }
    start(CloudWatchLogs.putRetentionPolicy(days: days, group: group)) { [self] error in
      guard let error else { return }
      warn("\(group) keeps its present retention, not \(days) days: \(error.message)")
    }
  }

  private func start(_ request: AWSRequest, _ completion: @escaping (AWSError?) -> Void) {
    client.start(request) { result in
      if case .failure(let error) = result { completion(error) } else { completion(nil) }
    }
  }
}
