import ArgumentParser
@testable import AWS
import Testing

@testable import DeployUsersCommand

@Suite struct CognitoTests {
  @Test(arguments: [
    ([], true), (["cognito", "--format", "csv"], true), (["--format", "yaml"], false), (["--template", "t"], false),
    (["--config-dir", "d"], false), (["--template", "t", "--config-dir", "d"], true), (["--list", "--rotate", "a-1"], false),
    (["--rotate", "a-1", "--rotate", "b-2"], true), (["--rotate", "a-1", "--rotate", "a-1"], false), (["--rotate", "a b"], false),
    (["--disable", "a-1", "--rotate", "b-2"], false), (["--rate", "0"], false), (["--rate", "50"], true), (["--stack-name", "1x"], false),
    (["--stack-name", "x_y"], false), (["--stack-name", "x-1"], true), (["--namespace", "A,B"], false), (["--no-wide-policy"], true),
    (["--password", "x"], false), (["systems.txt"], false),
  ])
  func commandLines(_ arguments: [String], _ isValid: Bool) { #expect(((try? DeployUsers.parseAsRoot(arguments)) != nil) == isValid) }

  @Test func namesAreJoined() throws {
    let command = try DeployUsers.parseAsRoot(["--namespace", "A", "--namespace", "B/C", "--log-group", "/x/{instance_id}"]) as? Cognito
    #expect(command?.options.parameters == ["Namespaces": "A,B/C", "LogGroups": "/x/{instance_id}"])
    #expect(command?.widePolicy == nil)
  }

  @Test(arguments: [
    (
      PasswordFormat.text,
      "ID     STATUS     ENABLED  CREATED               LAST SIGN-IN\nrpi-1  CONFIRMED  yes      2026-01-05T03:04:05Z  2026-01-05T03:04:06Z\n"
        + "x-2    UNKNOWN    no       -                     -\n"
    ),
    (
      .csv,
      "id,status,enabled,created,lastSignIn\nrpi-1,CONFIRMED,true,2026-01-05T03:04:05Z,2026-01-05T03:04:06Z\nx-2,UNKNOWN,false,,\n"
    ),
    (
      .json,
      #"{"id":"rpi-1","status":"CONFIRMED","enabled":true,"created":"2026-01-05T03:04:05Z","lastSignIn":"2026-01-05T03:04:06Z"}"# + "\n"
        + #"{"id":"x-2","status":"UNKNOWN","enabled":false}"# + "\n"
    ),
  ])
  func lists(_ format: PasswordFormat, _ expected: String) {
    let rows = [
      UserRow(.init(username: "rpi-1", userStatus: "CONFIRMED", userCreateDate: 1_767_582_245.9), lastSignIn: 1_767_582_246),
      UserRow(.init(username: "x-2", userStatus: "UNKNOWN", enabled: false, userCreateDate: -1), lastSignIn: nil),
    ]
    #expect(UserRow.text(rows, format) == expected)
  }

  /// Whoever makes a user chooses its name, and a spreadsheet carries out what looks like a formula.
  @Test(arguments: [
    ("=HYPERLINK(\"x\")", #""'=HYPERLINK(""x"")",S,true,,"#, #"{"id":"=HYPERLINK(\"x\")","status":"S","enabled":true}"#),
    ("+1", "'+1,S,true,,", #"{"id":"+1","status":"S","enabled":true}"#),
    ("@x", "'@x,S,true,,", #"{"id":"@x","status":"S","enabled":true}"#),
    ("a,b\nc", "\"a,b\nc\",S,true,,", #"{"id":"a,b\nc","status":"S","enabled":true}"#),
    ("a\",\"enabled\":false", #""a"",""enabled"":false",S,true,,"#, #"{"id":"a\",\"enabled\":false","status":"S","enabled":true}"#),
    ("rpi-1", "rpi-1,S,true,,", #"{"id":"rpi-1","status":"S","enabled":true}"#),
  ])
  func aNameIsOnlyAName(_ name: String, _ csv: String, _ json: String) {
    let rows = [UserRow(.init(username: name, userStatus: "S", userCreateDate: -1), lastSignIn: nil)]
    #expect(UserRow.text(rows, .csv) == "id,status,enabled,created,lastSignIn\n\(csv)\n")
    #expect(UserRow.text(rows, .json) == json + "\n")
    #expect(UserRow.text(rows, .text).split(separator: "\n").count == 2)
  }
}
