internal import AWS
internal import Config

/// The outputs of a stack for Cognito users, under the names of the original publisher's stack, from which its users fill in their
/// configurations.
struct StackOutputs: Equatable {
  let region: String
  let accountId: String
  let userPoolId: String
  let identityPoolId: String
  let appClientId: String

  static let names = ["Region", "AccountId", "UserPoolId", "IdentityPoolId", "AppClientId"]

  /// Names and values, in their order.
  var lines: [(name: String, value: String)] {
    Array(zip(Self.names, [region, accountId, userPoolId, identityPoolId, appClientId]))
  }

  /// `agent.authentication` of a machine.
  func authentication(_ password: Secret) -> [(key: String, value: JSON.Value)] {
    [
      ("accountId", .text(accountId)), ("userPoolId", .text(userPoolId)), ("identityPoolId", .text(identityPoolId)),
      ("appClientId", .text(appClientId)), ("password", .text(password.text)),
    ]
  }

  /// For trying a template before there is a stack.
  static let example = Self(
    region: "eu-west-1", accountId: "000000000000", userPoolId: "eu-west-1_example",
    identityPoolId: "eu-west-1:01234567-89ab-cdef-0123-456789abcdef", appClientId: "example")
}

extension StackOutputs {
  /// Nil if one is missing.
  init?(_ outputs: [String: String]) {
    let values = Self.names.compactMap { outputs[$0] }
    guard values.count == Self.names.count, !values.contains("") else { return nil }
    (region, accountId, userPoolId, identityPoolId, appClientId) = (values[0], values[1], values[2], values[3], values[4])
  }
}
