package import AWS
internal import Unix

/// A program that prints credentials (AWS SDKs and Tools Reference Guide, "Process credential provider").
struct ProcessCredentials: CredentialsSource {
  private let command: String
  let name: String

  /// A program that takes longer hangs. It may ask a person for nothing, since nobody is here.
  private static let timeLimit = 60.0
  private static let outputLimit = 1 << 20

  static func find(_ context: CredentialsContext) throws -> Finding {
    guard let command = context.profile["credential_process"] else {
      return .nothing("profile '\(context.profileName)' has no credential_process")
    }
    return .source(ProcessCredentials(command: command, name: "credential_process of profile '\(context.profileName)'"))
  }

  func mint(_ memory: inout [String: String]) throws -> AWSCredentials {
    throw CredentialsError("not merged")
  }
}
