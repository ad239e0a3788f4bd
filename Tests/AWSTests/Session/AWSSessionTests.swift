import ArgumentParser
import Config
import Records
import Testing
import Unix
@testable import AWS

@Suite struct AWSSessionTests {
  private let logs = Service(
    hostPrefix: "logs", signingName: "logs", wireProtocol: .json(version: "1.1", target: ""), endpointIdentifier: "CLOUDWATCH_LOGS")

  private func options(
    _ arguments: [String] = [], _ variables: [String: String] = [:], configuration: Configuration? = nil
  ) throws -> ClientOptions {
    let environment = variables.merging(["HOME": "/nonexistent"]) { $1 }
    return try AWSSession(try AWSOptions.parse(arguments), configuration: configuration, environment: { environment[$0] })
      .clientOptions(retryPolicy: RetryPolicy(maximumAttempts: nil, repeatsUncertain: true))
  }

  @Test func theRegionsOrder() throws {
    var configuration = Configuration()
    configuration.agent.region = "eu-west-2"
    let variables = ["AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-4"]
    #expect(try options(["--region", "eu-west-1"], variables, configuration: configuration).region == "eu-west-1")
    #expect(try options([], variables, configuration: configuration).region == "eu-west-2")
    #expect(try options([], variables).region == "eu-west-3")
    #expect(try options([], ["AWS_DEFAULT_REGION": "eu-west-4"]).region == "eu-west-4")
    #expect(throws: ConfigurationError.self) { try options() }
    #expect(throws: ConfigurationError.self) { try options(["--region", "x/y"]) }
  }

  @Test func theEndpointsOrder() throws {
    let region = ["--region", "eu-west-1"]
    let variables = ["AWS_ENDPOINT_URL": "https://all", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "https://logs"]
    #expect(try options(region + ["--endpoint-url", "https://mine"], variables).endpoint(of: logs).host == "mine")
    #expect(try options(region, variables).endpoint(of: logs).host == "logs")
    #expect(try options(region, ["AWS_ENDPOINT_URL": "https://all"]).endpoint(of: logs).host == "all")
    let ignored = variables.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }
    #expect(try options(region, ignored).endpoint(of: logs).host == "logs.eu-west-1.amazonaws.com")
    #expect(try options(region, ["AWS_USE_FIPS_ENDPOINT": "true"]).endpoint(of: logs).host == "logs-fips.eu-west-1.amazonaws.com")
  }

  @Test func attempts() throws {
    let region = ["--region", "eu-west-1"]
    #expect(try options(region).retryPolicy.maximumAttempts == nil)
    #expect(try options(region, ["AWS_MAX_ATTEMPTS": "3"]).retryPolicy.maximumAttempts == 3)
    #expect(throws: ConfigurationError.self) { try options(region, ["AWS_MAX_ATTEMPTS": "0"]) }
  }

  /// The option, the environment, and where what is kept lies.
  // A closure among the arguments of a test makes the compiler of Swift 6.0.3 crash.
  static let cacheBesideHome = homeDirectory { _ in nil }.map { "\($0)/.cache/cloudwatch-publisher" }

  @Test(
    arguments: [
      ("/s", ["HOME": "/h", "STATE_DIRECTORY": "/d"], "/s"), (nil, ["HOME": "/h", "STATE_DIRECTORY": "/d:/e"], "/d"),
      (nil, ["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/cloudwatch-publisher"),
      (nil, ["HOME": "/h", "XDG_CACHE_HOME": "x"], "/h/.cache/cloudwatch-publisher"),
      (nil, ["HOME": "/h"], "/h/.cache/cloudwatch-publisher"),
      // A service of systemd without User= has no HOME.
      (nil, [:], cacheBesideHome),
    ] as [(String?, [String: String], String?)])
  func stateDirectory(_ option: String?, _ environment: [String: String], _ path: String?) throws {
    let session = try AWSSession(AWSOptions.parse([]), state: option, environment: { environment[$0] })
    #expect((try? session.stateDirectory())?.path == path)
  }
}
