extension Configuration {
  /// How this machine signs in, where no profile of AWS's tools is to be used.
  package enum Authentication: Equatable, Sendable {
    case cognito(Cognito)
    case iot(IoT)
    case rolesAnywhere(RolesAnywhere)
  }

  /// A user of a Cognito user pool, named like the instance id.
  package struct Cognito: Equatable, Sendable {
    package enum AuthFlow: String, NamedChoice {
      /// The password is proved and never sent.
      case secureRemotePassword = "USER_SRP_AUTH"
      case password = "USER_PASSWORD_AUTH"
    }

    package var accountId: String?
    package var userPoolId: String
    package var identityPoolId: String
    package var appClientId: String
    package var appClientSecret: Secret?
    package var password: PasswordSource
    package var authFlow = AuthFlow.secureRemotePassword
  }

  /// A certificate that AWS IoT knows.
  package struct IoT: Equatable, Sendable {
    /// The host of the credential provider, with `:port` where that is not 443.
    package var host: String
    package var roleAlias: String
    package var thingName: String
    package var certificate: CertificateFiles
  }

  /// A certificate of an authority that IAM Roles Anywhere trusts.
  package struct RolesAnywhere: Equatable, Sendable {
    package var trustAnchorArn: String
    package var profileArn: String
    package var roleArn: String
    package var certificate: CertificateFiles
    /// Nil: that of the profile.
    package var durationSeconds: Int?
    package var roleSessionName: String?

    /// That of the trust anchor, where it is asked; agent.region may be another.
    package var region: String { ARN(trustAnchorArn)?.region ?? "" }
  }
}
