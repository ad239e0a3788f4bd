import ArgumentParser
import Config
import Testing

@testable import DeployUsersCommand

@Suite struct IoTThingsTests {
  @Test(arguments: [
    ([], false), (["--config-dir", "d"], true), (["--config-dir", ""], false), (["--config-dir", "d", "--template", "t"], true),
    (["--config-dir", "d", "--device-dir", "etc"], false), (["--config-dir", "d", "--device-dir", "/etc/cw"], true),
    (["--config-dir", "d", "--rotate", "a-1"], true), (["--rotate", "a-1"], false), (["--disable", "a-1"], true),
    (["--config-dir", "d", "--rotate", "a-1", "--rotate", "a-1"], false), (["--disable", "a-1", "--disable", "b-2"], true),
    (["--config-dir", "d", "--rotate", "a-1", "--disable", "b-2"], false), (["--disable", "a.1"], false), (["--disable", "a/1"], false),
    (["--config-dir", "d", "--retention-in-days", "30"], true), (["--config-dir", "d", "--retention-in-days", "0"], true),
    (["--config-dir", "d", "--retention-in-days", "8"], false), (["--config-dir", "d", "--retention-in-days", "-1"], false),
    (["--config-dir", "d", "--namespace", "A,B"], false),
    (["--config-dir", "d", "--key", "x"], false),
  ])
  func commandLines(_ arguments: [String], _ isValid: Bool) {
    #expect(((try? DeployUsers.parseAsRoot(["iot"] + arguments)) != nil) == isValid)
  }

  @Test(arguments: [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
  func certificatesHaveNames(_ region: String, _ partition: String) throws {
    let values = ["Region": region, "AccountId": "123456789012", "RoleAlias": "A", "PolicyName": "P"]
    let outputs = try #require(ThingStackOutputs(values))
    #expect(outputs.arn("0a") == "arn:\(partition):iot:\(region):123456789012:cert/0a")
    for name in ThingStackOutputs.names {
      #expect(ThingStackOutputs(values.filter { $0.key != name }) == nil)
      #expect(ThingStackOutputs(values.merging([name: ""]) { $1 }) == nil)
    }
  }

  @Test func aConfigurationSignsInByTheCertificate() throws {
    // The way to sign in that the template has is another one.
    let template = try ConfigurationTemplate(
      Array(
        #"{"agent":{"instance":{"prefix":"rpi","command":"x"},"authentication":{"authFlow":"USER_PASSWORD_AUTH","password":"p"}},"metrics":{}}"#
          .utf8), path: "t.json")
    let outputs = try #require(ThingStackOutputs(["Region": "eu-west-1", "AccountId": "1", "RoleAlias": "A", "PolicyName": "P"]))
    let host = "c.credentials.iot.eu-west-1.amazonaws.com"
    let authentication = outputs.authentication("rpi-1", host: host, folder: DeviceFolder(path: "/etc/cw"))
    let text = try template.configuration("rpi-1", region: outputs.region, authentication: authentication)
    let configuration = try ConfigurationFile(path: "rpi-1.json", text: text).configuration
    guard case .iot(let iot)? = configuration.agent.authentication else {
      Issue.record("another way to sign in")
      return
    }
    #expect((iot.host, iot.roleAlias, iot.thingName) == (host, "A", "rpi-1"))
    #expect(iot.certificate.paths == ["/etc/cw/rpi-1.pem", "/etc/cw/rpi-1.key"])
    #expect(configuration.agent.region == "eu-west-1")
  }

  @Test func everyTemplateHasItsOutputsAndParameters() {
    for template in [StackTemplate.cognito, .iot] {
      for name in template.parameters + template.outputs { #expect(template.text.contains("\n  \(name):\n"), "\(name)") }
      #expect(template.text.contains("\nDescription: \(StackTemplate.descriptionPrefix)"))
      #expect(template.text.utf8.count < 51_200)
    }
  }
}
