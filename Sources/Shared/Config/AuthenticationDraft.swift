/// `agent.authentication` as it stands in the file, before it is known which of the three ways it describes.
struct AuthenticationDraft: Equatable {
  var accountId: String?
  var userPoolId: String?
  var identityPoolId: String?
  var appClientId: String?
  var appClientSecret: Secret?
  var password: Secret?
  var passwordFile: String?
  var passwordCommand: ShellCommand?
  /// Nil only where the way is another.
  var authFlow: Configuration.Cognito.AuthFlow? = .secureRemotePassword
  var iotUrl: String?
  var roleAlias: String?
  var thingName: String?
  var trustAnchorArn: String?
  var profileArn: String?
  var roleArn: String?
  var durationSeconds: Int?
  var roleSessionName: String?
  var certificate: [String]?
}

extension AuthenticationDraft {
  /// For showing: what would have to be written to mean this.
  init(_ authentication: Configuration.Authentication) {
    authFlow = nil
    switch authentication {
    case .cognito(let cognito):
      accountId = cognito.accountId
      userPoolId = cognito.userPoolId
      identityPoolId = cognito.identityPoolId
      appClientId = cognito.appClientId
      appClientSecret = cognito.appClientSecret
      authFlow = cognito.authFlow
      switch cognito.password {
      case .text(let secret): password = secret
      case .file(let path): passwordFile = path
      case .command(let command): passwordCommand = command
      }
    case .iot(let iot):
      iotUrl = iot.host
      roleAlias = iot.roleAlias
      thingName = iot.thingName
      certificate = iot.certificate.paths
    case .rolesAnywhere(let rolesAnywhere):
      trustAnchorArn = rolesAnywhere.trustAnchorArn
      profileArn = rolesAnywhere.profileArn
      roleArn = rolesAnywhere.roleArn
      durationSeconds = rolesAnywhere.durationSeconds
      roleSessionName = rolesAnywhere.roleSessionName
      certificate = rolesAnywhere.certificate.paths
    }
  }

  /// Nil if something that is needed is missing.
  var authentication: Configuration.Authentication? { cognito ?? iot ?? rolesAnywhere }

  private var cognito: Configuration.Authentication? {
    let source = password.map(PasswordSource.text) ?? passwordFile.map(PasswordSource.file) ?? passwordCommand.map(PasswordSource.command)
    guard let userPoolId, let identityPoolId, let appClientId, let source else { return nil }
    return .cognito(
      Configuration.Cognito(
        accountId: accountId, userPoolId: userPoolId, identityPoolId: identityPoolId, appClientId: appClientId,
        appClientSecret: appClientSecret, password: source,
        authFlow: authFlow ?? .secureRemotePassword))
  }

  private var iot: Configuration.Authentication? {
    guard let iotUrl, let roleAlias, let thingName, let files = certificate.flatMap(CertificateFiles.init) else { return nil }
    return .iot(
      Configuration.IoT(host: ValueType.hostAlone(iotUrl), roleAlias: roleAlias, thingName: thingName, certificate: files))
  }

  private var rolesAnywhere: Configuration.Authentication? {
    guard let trustAnchorArn, let profileArn, let roleArn, let files = certificate.flatMap(CertificateFiles.init) else { return nil }
    return .rolesAnywhere(
      Configuration.RolesAnywhere(
        trustAnchorArn: trustAnchorArn, profileArn: profileArn, roleArn: roleArn, certificate: files,
        durationSeconds: durationSeconds, roleSessionName: roleSessionName))
  }
}

// MARK: - which way, and what it lacks

extension AuthenticationDraft {
  /// A way of signing in, by its keys.
  private struct Way {
    let name: String
    let needed: [String]
    var optional: [String] = []
  }

  private static let passwords = ["password", "passwordFile", "passwordCommand"]
  private static let cognito = Way(
    name: "Cognito", needed: ["userPoolId", "identityPoolId", "appClientId"], optional: ["accountId", "appClientSecret", "authFlow"])
  private static let iot = Way(name: "IoT", needed: ["iotUrl", "roleAlias", "thingName"])
  private static let rolesAnywhere = Way(
    name: "Roles Anywhere", needed: ["trustAnchorArn", "profileArn", "roleArn"], optional: ["durationSeconds", "roleSessionName"])

  /// What the keys that are there say together, whatever their values.
  static func validationError(keys: (String) -> Bool) -> String? {
    let passwords = passwords.filter(keys)
    if let first = passwords.first, keys("certificate") {
      return "\(first) (Cognito) and certificate (IoT, Roles Anywhere) exclude each other; leave one out"
    }
    if passwords.count > 1 { return "\(passwords.joined(separator: " and ")) exclude each other; leave one" }
    if let first = passwords.first { return missing(cognito, besides: first, keys) }
    guard keys("certificate") else {
      return "password, passwordFile or passwordCommand (Cognito), or certificate (IoT, Roles Anywhere) is missing; "
        + "without agent.authentication the AWS profile is used"
    }
    switch (iot.needed.first(where: keys), rolesAnywhere.needed.first(where: keys)) {
    case (let ofIoT?, let ofRolesAnywhere?):
      return "\(ofIoT) (IoT) and \(ofRolesAnywhere) (Roles Anywhere) exclude each other; leave one out"
    case (_?, nil): return missing(iot, besides: "certificate", keys)
    case (nil, _?): return missing(rolesAnywhere, besides: "certificate", keys)
    case (nil, nil):
      return "certificate needs \(iot.needed.joined(separator: ", ")) (IoT) "
        + "or \(rolesAnywhere.needed.joined(separator: ", ")) (Roles Anywhere)"
    }
  }

  private static func missing(_ way: Way, besides given: String, _ keys: (String) -> Bool) -> String? {
    let missing = way.needed.filter { !keys($0) }
    if missing.isEmpty { return nil }
    return "\(missing.joined(separator: ", ")) missing; \(given) (\(way.name)) needs \(way.needed.joined(separator: ", "))"
  }

  /// Keys of the ways that were not gone.
  func unused(keys: (String) -> Bool) -> [String] {
    let others: [Way]
    switch authentication {
    case .cognito: others = [Self.iot, Self.rolesAnywhere]
    case .iot: others = [Self.cognito, Self.rolesAnywhere]
    case .rolesAnywhere: others = [Self.cognito, Self.iot]
    case nil: return []
    }
    return others.flatMap { $0.needed + $0.optional }.filter(keys)
  }

  /// What the values say together.
  var contradiction: String? {
    guard let anchor = trustAnchorArn.flatMap(ARN.init), let profile = profileArn.flatMap(ARN.init) else { return nil }
    guard anchor.region != profile.region || anchor.accountId != profile.accountId else { return nil }
    return "trustAnchorArn and profileArn are of two regions or accounts; the two must lie together"
  }
}
