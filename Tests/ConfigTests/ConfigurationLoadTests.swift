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

  /// A user that could have written the file would have its commands run, by root if root asks.
  @Test func aFileThatOthersCanWriteRunsNothing() throws {
    let authentication =
      #""authentication":{"userPoolId":"eu-west-1_a","identityPoolId":"eu-west-1:b","appClientId":"c","passwordCommand":"echo p"}"#
    let file = try TemporaryFile(#"{"agent":{"region":"eu-west-1","instance":{"command":"echo 7"},\#(authentication)}}"#, mode: 0o666)
    let trustError = "the mode 666 of \(file.path) lets others write; chmod go-w \(file.path)"
    func password(_ configuration: Configuration) throws -> String? {
      guard case .cognito(let cognito)? = configuration.agent.authentication else { return nil }
      return try cognito.password.read(environment: { _ in nil }).text
    }
    let others = try Configuration.load(file.path) { Issue.record("\($0)") }
    #expect(
      configurationError { _ = try others.instanceId(environment: { _ in nil }) }?.message
        == "agent.instance.command is not run: \(trustError)")
    #expect(
      configurationError { _ = try password(others) }?.message == "agent.authentication.passwordCommand is not run: \(trustError)")
    #expect(try ConfigurationFile(reading: file.path).trustError == trustError)

    #expect(chmod(file.path, 0o644) == 0)
    let ours = try Configuration.load(file.path) { Issue.record("\($0)") }
    #expect(try ours.instanceId(environment: { _ in nil }) == "sys-7")
    #expect(try password(ours) == "p")
  }

  /// What is ours in it stays ours.
  @Test func aFileThatOthersCanWriteIsReadAllTheSame() throws {
    let file = try TemporaryFile(#"{"metrics":{"namespace":"N"}}"#, mode: 0o666)
    #expect(try ConfigurationFile(reading: file.path).trustError == nil)
    #expect(try Configuration.load(file.path) { _ in }.instanceId(environment: { _ in nil }) == "sys-000000000000")
  }

  @Test func loadsAGoodFileSilently() throws {
    let file = try TemporaryFile("\u{FEFF}" + everyKeyOfTheOriginal)
    let configuration = try Configuration.load(file.path) { Issue.record("\($0)") }
    #expect(configuration.metrics.namespace == "System/RaspberryPi")
    #expect(configuration.path == file.path)
  }
}
