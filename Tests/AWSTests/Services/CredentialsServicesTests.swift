import Testing
import TestSupport
import Unix
@testable import AWS

private func response(_ body: String) -> AWSResponse { AWSResponse(requestId: "r", body: Array(body.utf8)) }

/// Functions themselves among the arguments of a test make the compiler of Swift 6.0.3 crash.
struct ResponseDecoder: Sendable {
  let decode: @Sendable (AWSResponse) -> AWSCredentials?
  init(_ decode: @escaping @Sendable (AWSResponse) -> AWSCredentials?) { self.decode = decode }
}

/// What the services answer that give out credentials, and what is no such answer.
@Suite struct CredentialsServicesTests {
  private static let sts = """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>
    <Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>A</AccessKeyId>
    <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-01-05T03:04:05.123Z</Expiration></Credentials>
    </AssumeRoleResult></AssumeRoleResponse>
    """
  private static let iot =
    #"{"credentials":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiration":"2026-01-05T03:04:05Z"}}"#
  // Not in the macros: an interpolation there makes the compiler of Swift 6.0.3 crash.
  private static let rolesAnywhere = #"{"credentialSet":[\#(iot)],"subjectArn":"x"}"#

  @Test(
    arguments: [
      (ResponseDecoder(STS.credentials), sts, 1_767_582_245_123, "123456789012"),
      (ResponseDecoder(IoTCredentialProvider.credentials), iot, 1_767_582_245_000, nil),
      (ResponseDecoder(RolesAnywhere.credentials), rolesAnywhere, 1_767_582_245_000, nil),
      (
        ResponseDecoder(CognitoIdentity.credentials),
        #"{"IdentityId":"i","Credentials":{"AccessKeyId":"A","SecretKey":"s","SessionToken":"t","Expiration":1.767582245E9}}"#,
        1_767_582_245_000, nil
      ),
      (
        ResponseDecoder(SSO.credentials),
        #"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiration":1767582245000}}"#, 1_767_582_245_000,
        nil
      ),
      (
        ResponseDecoder(MetadataService.credentials),
        #"{"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-05T03:04:05Z","AccountId":"9"}"#,
        1_767_582_245_000, "9"
      ),
    ] as [(ResponseDecoder, String, Int64, String?)])
  func credentials(
    _ service: ResponseDecoder, _ body: String, _ expiration: Int64, _ accountId: String?
  ) throws {
    let credentials = try #require(service.decode(response(body)))
    #expect(
      credentials
        == AWSCredentials(accessKeyId: "A", secretAccessKey: "s", sessionToken: "t", expiration: expiration, accountId: accountId))
    // Cut short, with something missing, or somebody else's.
    for wrong in ["", "{}", "<a/>", "[1]", String(body.dropLast(3)), body.replacing("\"A\"", with: "\"\"").replacing(">A<", with: "><")] {
      #expect(service.decode(response(wrong)) == nil, "\(wrong)")
    }
  }

  /// Credentials that end, and of which nobody can say when, must not be taken for some that never do.
  @Test(
    arguments: [
      (ResponseDecoder(STS.credentials), sts, "2026-01-05T03:04:05.123Z"),
      (ResponseDecoder(IoTCredentialProvider.credentials), iot, "2026-01-05T03:04:05Z"),
      (ResponseDecoder(RolesAnywhere.credentials), rolesAnywhere, "2026-01-05T03:04:05Z"),
      (
        ResponseDecoder(MetadataService.credentials),
        #"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-05T03:04:05Z"}"#,
        "2026-01-05T03:04:05Z"
      ),
    ] as [(ResponseDecoder, String, String)])
  func anEndThatIsNoMoment(_ service: ResponseDecoder, _ body: String, _ moment: String) {
    #expect(service.decode(response(body)) != nil)
    for wrong in ["tomorrow", "", "2026-01-05T03:04:05"] {
      #expect(service.decode(response(body.replacing(moment, with: wrong))) == nil, "\(wrong)")
    }
  }

  @Test func metadataServicesAnswerSuccessesThatAreNone() {
    #expect(MetadataService.credentials(response(#"{"Code":"AssumeRoleUnauthorizedAccess","Message":"m"}"#)) == nil)
    #expect(MetadataService.text(response("role-1\n")) == "role-1" && MetadataService.text(response("<html> x")) == nil)
    #expect(MetadataService.text(response("")) == nil)
  }

  @Test func whoIsCalling() {
    let body = """
      <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult>
      </GetCallerIdentityResponse>
      """
    #expect(STS.callerIdentity(response(body)) == STS.CallerIdentity(account: "1", arn: "a", userId: "u"))
    #expect(STS.callerIdentity(response("<html/>")) == nil)
  }

  @Test func answersOfAUserPool() {
    typealias Provider = CognitoIdentityProvider
    #expect(
      Provider.answer(response(#"{"AuthenticationResult":{"IdToken":"i","RefreshToken":"r","ExpiresIn":3600}}"#))
        == .tokens(Provider.Tokens(idToken: "i", refreshToken: "r")))
    #expect(
      Provider.answer(response(#"{"ChallengeName":"C","Session":"s","ChallengeParameters":{"SALT":"1","userId":"u"}}"#))
        == .challenge(Provider.Challenge(name: "C", session: "s", parameters: ["SALT": "1", "userId": "u"])))
    #expect(Provider.answer(response("{}")) == nil && Provider.answer(response("")) == nil)
  }

  /// The names of members are the model's; those of maps are left alone.
  @Test func requests() throws {
    let request = CognitoIdentityProvider.initiateAuth("USER_SRP_AUTH", clientId: "c", parameters: ["USERNAME": "u", "aB": "x"])
    let json = try JSONValue(request.body.array)
    #expect(json["AuthFlow"]?.string == "USER_SRP_AUTH" && json["ClientId"]?.string == "c")
    #expect(json["AuthParameters"]?["USERNAME"]?.string == "u" && json["AuthParameters"]?["aB"]?.string == "x")
    if case .none = request.authentication {} else { Issue.record("signing in must not be signed") }

    let role = STS.assumeRole("arn:aws:iam::1:role/r", sessionName: "s", externalId: "e&f", durationSeconds: 900)
    #expect(
      role.body.text == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=s"
        + "&ExternalId=e%26f&DurationSeconds=900")
    let alias = IoTCredentialProvider.assumeRoleWithCertificate(
      Endpoint(url: "https://h", host: "h"), roleAlias: "a/b=c", thingName: "t",
      certificate: ClientCertificate(certificatePath: "c", keyPath: "k"))
    #expect(alias.path == "/role-aliases/a%2Fb%3Dc/credentials")
    let datum = CloudWatch.putMetricDatum("m", value: 1, at: 1_000_000, namespace: "n")
    #expect(try JSONValue(datum.body.array)["MetricData"]?.elements.first?["MetricName"]?.string == "m")
  }
}
