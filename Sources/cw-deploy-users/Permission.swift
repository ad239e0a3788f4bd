internal import AWS
internal import Unix

extension AWSError {
  /// Itself, or where the service does not allow the call, the name of what a policy has to allow.
  func namingAction(of service: Service) -> any Failure {
    guard kind == .accessDenied else { return self }
    return CommandError(
      .noPermission, "not allowed: \(described); the policy of whoever runs this needs \(service.signingName):\(operation)")
  }
}

extension RetryingClient {
  /// Makes a call and waits for its end.
  /// - Throws: `AWSError`, or `CommandError` with the IAM action that is missing.
  func allowed(_ request: AWSRequest) throws -> AWSResponse {
    do {
      return try send(request)
    } catch let error as AWSError {
      throw error.namingAction(of: request.service)
    }
  }
}
