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
    #expect(configuration.path == file.path)
  }
}
