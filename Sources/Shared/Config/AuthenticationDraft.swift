/// `agent.authentication` as it stands in the file, before it is known which of the two ways it describes.
struct AuthenticationDraft: Equatable {
  var accountId: String?
  var userPoolId: String?
  var identityPoolId: String?
  var appClientId: String?
  var password: String?
  var iotUrl: String?
  var roleAlias: String?
  var thingName: String?
  var certificate: [String]?

  init() {}

  /// For showing: what would have to be written to mean this.
  init(_ authentication: Configuration.Authentication) {
    switch authentication {
    case .cognito(let accountId, let userPoolId, let identityPoolId, let appClientId, let password):
      self.accountId = accountId
      self.userPoolId = userPoolId
      self.identityPoolId = identityPoolId
      self.appClientId = appClientId
      self.password = password
    case .iot(let url, let roleAlias, let thingName, let certificatePath, let keyPath):
      iotUrl = url
      self.roleAlias = roleAlias
      self.thingName = thingName
      certificate = [certificatePath] + (keyPath.map { [$0] } ?? [])
    }
  }

  /// Nil if something that is needed is missing.
  var authentication: Configuration.Authentication? {
    if let userPoolId, let identityPoolId, let appClientId, let password {
      return .cognito(
        accountId: accountId, userPoolId: userPoolId, identityPoolId: identityPoolId, appClientId: appClientId, password: password)
    }
    if let iotUrl, let roleAlias, let thingName, let certificate, let first = certificate.first {
      let key = certificate.dropFirst().first
      return .iot(url: iotUrl, roleAlias: roleAlias, thingName: thingName, certificatePath: first, keyPath: key)
    }
    return nil
  }

  /// What the keys that are there say together, whatever their values.
  static func complaint(keys: (String) -> Bool) -> String? {
    switch (keys("password"), keys("certificate")) {
    case (true, true): "password (Cognito) and certificate (IoT) exclude each other; leave one out"
    case (false, false): "password (Cognito) or certificate (IoT) is missing; without agent.authentication the AWS profile is used"
    case (true, false): missing(["userPoolId", "identityPoolId", "appClientId"], besides: "password (Cognito)", keys)
    case (false, true): missing(["iotUrl", "roleAlias", "thingName"], besides: "certificate (IoT)", keys)
    }
  }

  private static func missing(_ needed: [String], besides given: String, _ keys: (String) -> Bool) -> String? {
    let missing = needed.filter { !keys($0) }
    return missing.isEmpty ? nil : "\(missing.joined(separator: ", ")) missing; \(given) needs \(needed.joined(separator: ", "))"
  }
}
