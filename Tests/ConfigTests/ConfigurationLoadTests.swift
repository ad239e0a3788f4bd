import Testing
import Unix

@testable import Config

struct ConfigurationLoadTests {
  @Test func handsOutWarningsAndThrowsTheFirstError() throws {
    let file = try TemporaryFile("{\"agnet\":{},\n\"agent\":{\"debug\":1,\n\"region\":2}}")
    var warnings: [String] = []
    let error = configurationError { _ = try Configuration.load(file.path) { warnings.append($0) } }
    #expect(warnings == ["\(file.path):1: unknown key agnet; did you mean agent?"])
    #expect(
      error?.message == "\(file.path):2: agent.debug: expected true or false; found 1 (and 1 more; cw-config check lists them)")
    #expect(error?.status == .badConfiguration)
  }

  @Test func loadsAGoodFileSilently() throws {
    let file = try TemporaryFile("\u{FEFF}" + everyKeyOfTheOriginal)
    let configuration = try Configuration.load(file.path) { Issue.record("\($0)") }
    #expect(configuration.metrics.namespace == "System/RaspberryPi")
  }

  @Test(arguments: [
    ("/system/default/{instance_id}", "/system/default/i-1", false), ("{instance_id}{instance_id}", "i-1i-1", false),
    ("/fixed", "/fixed", true),
    ("{{instance_id}", "{i-1", false), ("{instance_id", "{instance_id", true),
  ])
  func putsTheInstanceIdIntoTheLogGroup(_ template: String, _ name: String, _ isFixed: Bool) {
    var configuration = Configuration()
    configuration.logs.logGroupName = template
    #expect(configuration.logGroupName(instanceId: "i-1") == name)
    #expect(configuration.logGroupNameIsFixed == isFixed)
  }
}
