internal import AWS
internal import Config

/// The outputs of a stack for IoT things.
struct ThingStackOutputs: Equatable {
  let region: String
  let accountId: String
  let roleAlias: String
  let policyName: String

  static let names = ["Region", "AccountId", "RoleAlias", "PolicyName"]

  /// - Parameter certificate: its SHA-256, in hexadecimal.
  func arn(_ certificate: String) -> String {
    "arn:\(Partition.of(region: region)?.name ?? "aws"):iot:\(region):\(accountId):cert/\(certificate)"
  }

  /// `agent.authentication` of a machine.
  /// - Parameters:
  ///   - host: the host of the credential provider.
  ///   - folder: the folder of the files on the machine.
  func authentication(_ id: String, host: String, folder: DeviceFolder) -> [(key: String, value: JSON.Value)] {
    [
      ("iotUrl", .text(host)), ("roleAlias", .text(roleAlias)), ("thingName", .text(id)),
      ("certificate", .list([JSON(.text(folder.file(id, "pem"))), JSON(.text(folder.file(id, "key")))])),
    ]
  }

  /// For trying a template before there is a stack.
  static let example = Self(
    region: "eu-west-1", accountId: "000000000000", roleAlias: "example", policyName: "example")
}

extension ThingStackOutputs {
  /// Nil if one is missing.
  init?(_ outputs: [String: String]) {
    let values = Self.names.compactMap { outputs[$0] }
    guard values.count == Self.names.count, !values.contains("") else { return nil }
    (region, accountId, roleAlias, policyName) = (values[0], values[1], values[2], values[3])
  }
}
