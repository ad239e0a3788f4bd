internal import AWS
internal import Unix

extension CallError {
  /// Itself, or where the service does not allow the call, the name of what a policy has to allow.
  func namingAction(of service: Service) -> any Failure {
    guard kind == .accessDenied else { return self }
    return ToolError(
      .noPermission, "not allowed: \(described); the policy of whoever runs this needs \(service.signingName):\(operation)")
  }
}

extension Client {
  /// Makes a call and waits for its end.
  /// - Throws: `CallError`, or `ToolError` with the IAM action that is missing.
  func allowed(_ call: Call) throws -> Reply {
    do {
      return try send(call)
    } catch let error as CallError {
      throw error.namingAction(of: call.service)
    }
  }
}
