import ArgumentParser
@testable import AWS
import Testing

@testable import CredsCommand

@Suite struct CredsTests {
  @Test(arguments: [
    (AWSCredentials(accessKeyId: "A", secretAccessKey: "s"), true),
    (AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 1001), true),
    (AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 1000), false),
    (AWSCredentials(accessKeyId: "", secretAccessKey: "s"), false),
    (AWSCredentials(accessKeyId: "A", secretAccessKey: ""), false),
  ])
  func onlyWholeCredentialsThatAreNotOverAreGivenOut(_ credentials: AWSCredentials, _ isValid: Bool) {
    #expect(((try? credentials.checked(now: 1000)) != nil) == isValid)
  }

  @Test(arguments: [
    (["get", "--format", "env"], true), (["--format", "shared"], false), (["--save-as", "x"], false),
    (["serve", "--port", "65536"], false),
    (["serve", "--port", "-1"], false), (["serve", "ls"], false), (["serve", "--", "ls", "-l"], true),
    (["serve", "-v", "--port", "1"], true),
  ])
  func commandLines(_ arguments: [String], _ isValid: Bool) { #expect(((try? Creds.parseAsRoot(arguments)) != nil) == isValid) }

  @Test func theCommandIsWhatStandsBehindTheDashes() throws {
    let command = try Creds.parseAsRoot(["serve", "--port", "7", "--", "aws", "--region", "--", "x"]) as? Serve
    #expect(command?.command == ["aws", "--region", "--", "x"])
    #expect(command?.options.aws.region == nil)
  }
}
