import ArgumentParser
import AWS
import Credentials
import Session
import State
import TestSupport
import Testing

@testable import CredsCommand

@Suite struct CredsTests {
  @Test(
    arguments: [
      (["--state", "/s"], ["HOME": "/h", "STATE_DIRECTORY": "/d"], "/s"), ([], ["HOME": "/h", "STATE_DIRECTORY": "/d:/e"], "/d"),
      ([], ["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/cloudwatch-publisher"),
      ([], ["HOME": "/h", "XDG_CACHE_HOME": "x"], "/h/.cache/cloudwatch-publisher"),
      ([], ["HOME": "/h"], "/h/.cache/cloudwatch-publisher"), ([], [:], nil),
    ] as [([String], [String: String], String?)])
  func directory(_ arguments: [String], _ environment: [String: String], _ path: String?) throws {
    let options = try CredsOptions.parse(arguments)
    #expect((try? options.directory(nil) { environment[$0] })?.path == path)
  }

  @Test(arguments: [
    (AWSCredentials(accessKeyId: "A", secretAccessKey: "s"), true),
    (AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 1001), true),
    (AWSCredentials(accessKeyId: "A", secretAccessKey: "s", expiration: 1000), false),
    (AWSCredentials(accessKeyId: "", secretAccessKey: "s"), false),
    (AWSCredentials(accessKeyId: "A", secretAccessKey: ""), false),
  ])
  func onlyWholeCredentialsThatAreNotOverAreGivenOut(_ credentials: AWSCredentials, _ isGood: Bool) {
    #expect(((try? credentials.checked(now: 1000)) != nil) == isGood)
  }

  @Test(arguments: [
    (["--save-as", "x"], false), (["get", "--format", "shared", "--save-as", "x"], true), (["--format", "yaml"], false),
    (["serve", "--port", "65536"], false),
    (["serve", "--port", "-1"], false), (["serve", "ls"], false), (["serve", "--", "ls", "-l"], true),
    (["serve", "-v", "--port", "1"], true),
  ])
  func commandLines(_ arguments: [String], _ isGood: Bool) { #expect(((try? Creds.parseAsRoot(arguments)) != nil) == isGood) }

  @Test func theCommandIsWhatStandsBehindTheDashes() throws {
    let command = try Creds.parseAsRoot(["serve", "--port", "7", "--", "aws", "--region", "--", "x"]) as? Serve
    #expect(command?.command == ["aws", "--region", "--", "x"])
    #expect(command?.options.aws.region == nil)
  }
}
