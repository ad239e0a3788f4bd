internal import AWS
internal import Unix

extension AWSError {
  /// This error, or if access was denied, one that names the action which a policy has to allow.
  func namingAction(of service: Service) -> any Failure {
    guard kind == .accessDenied else { return self }
    return CommandError(
      .noPermission, "not allowed: \(described); the policy of whoever runs this needs \(service.signingName):\(operation)")
  }
}

extension RetryingClient {
  /// Sends a request and waits for its end.
  /// - Throws: `AWSError`, or `CommandError` with the missing IAM action.
  func allowed(_ request: AWSRequest) throws -> AWSResponse {
    do {
      return try send(request)
    } catch let error as AWSError {
      throw error.namingAction(of: request.service)
    }
  }
}
