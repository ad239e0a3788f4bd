import Testing
import Unix

@testable import AWS

private func service(_ prefix: String) -> Service {
  Service(hostPrefix: prefix, signingName: prefix, wireProtocol: .json(version: "1.1", target: ""), endpointIdentifier: "X")
}

@Suite struct EndpointTests {
  @Test(arguments: [
    ("logs", "us-east-1", false, false, "logs.us-east-1.amazonaws.com"),
    ("logs", "eu-central-1", true, false, "logs-fips.eu-central-1.amazonaws.com"),
    ("logs", "eu-central-1", false, true, "logs.eu-central-1.api.aws"),
    ("monitoring", "ap-southeast-5", true, true, "monitoring-fips.ap-southeast-5.api.aws"),
    ("logs", "mx-central-1", false, false, "logs.mx-central-1.amazonaws.com"),
    ("logs", "cn-north-1", false, false, "logs.cn-north-1.amazonaws.com.cn"),
    ("logs", "cn-north-1", false, true, "logs.cn-north-1.api.amazonwebservices.com.cn"),
    ("logs", "us-gov-west-1", false, false, "logs.us-gov-west-1.amazonaws.com"),
    ("logs", "us-gov-west-1", true, false, "logs.us-gov-west-1.amazonaws.com"),
    ("logs", "us-gov-west-1", true, true, "logs-fips.us-gov-west-1.api.aws"),
    ("monitoring", "us-gov-east-1", true, true, "monitoring.us-gov-east-1.api.aws"),
    ("iot", "us-gov-east-1", true, false, "iot-fips.us-gov-east-1.amazonaws.com"),
    ("logs", "eusc-de-east-1", false, false, "logs.eusc-de-east-1.amazonaws.eu"),
    ("logs", "eusc-de-east-1", true, true, "logs-fips.eusc-de-east-1.api.amazonwebservices.eu"),
    ("cognito-idp", "eu-west-1", false, true, "cognito-idp.eu-west-1.amazonaws.com"),
    ("cognito-idp", "us-east-1", true, true, "cognito-idp-fips.us-east-1.amazonaws.com"),
    ("cognito-identity", "eu-west-1", true, true, "cognito-identity-fips.eu-west-1.api.aws"),
    ("cognito-idp", "us-gov-west-1", false, false, "cognito-idp-fips.us-gov-west-1.amazonaws.com"),
  ])
  func regional(_ prefix: String, _ region: String, _ fips: Bool, _ dualStack: Bool, _ host: String) throws {
    let endpoint = try Endpoint.regional(service(prefix), region: region, fips: fips, dualStack: dualStack)
    #expect(endpoint == Endpoint(url: "https://\(host)", host: host))
  }

  @Test(arguments: ["mars-1", "us-east", "us-east-1-", "us--1", "", "eu-central-x", "US-EAST-1", "us-east-1.evil.com"])
  func unknownRegion(_ region: String) {
    #expect(throws: CommandError.self) { try Endpoint.regional(service("logs"), region: region) }
  }

  @Test(arguments: [
    ("https://logs.example.com", "https://logs.example.com", "logs.example.com"),
    ("https://logs.example.com/", "https://logs.example.com", "logs.example.com"),
    ("https://logs.example.com:443", "https://logs.example.com:443", "logs.example.com"),
    ("https://logs.example.com:8443", "https://logs.example.com:8443", "logs.example.com:8443"),
    ("http://127.0.0.1:4566", "http://127.0.0.1:4566", "127.0.0.1:4566"),
    ("http://127.9.9.9", "http://127.9.9.9", "127.9.9.9"),
    ("http://localhost:80", "http://localhost:80", "localhost"),
    ("http://[::1]:4566", "http://[::1]:4566", "[::1]:4566"),
  ])
  func custom(_ text: String, _ url: String, _ host: String) throws {
    #expect(try Endpoint.custom(text) == Endpoint(url: url, host: host))
  }

  @Test(arguments: [
    "https://user:canary@host", "https://user:canary@host/a", "ftp://user:canary@host", "user:canary@host", "https://u:canary/@h",
  ])
  func aPasswordIsNotRepeated(_ text: String) {
    #expect { try Endpoint.custom(text) } throws: {
      ($0 as? CommandError)?.message.contains("canary") == false
    }
  }

  @Test(arguments: [
    "logs.example.com", "ftp://x", "http://example.com", "http://10.0.0.1:4566", "https://", "https://a/b",
    "https://user@host", "http://127.0.0.1.example.com", "http://127.0.0", "http://localhost@evil.com", "https://a b",
  ])
  func unusable(_ text: String) {
    #expect(throws: CommandError.self) { try Endpoint.custom(text) }
  }
}
