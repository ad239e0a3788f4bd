internal import Unix

/// The host that requests for a service go to.
package struct Endpoint: Equatable {
  /// Scheme and authority, without a slash at the end.
  package var url: String
  /// The `Host` header: the authority without a default port.
  package var host: String

  /// The regional endpoint, by the SDKs' endpoint rule sets.
  static func regional(_ service: Service, region: String, fips: Bool = false, dualStack: Bool = false) throws -> Endpoint {
    guard let partition = Partition.of(region: region) else {
      throw CommandError(.badConfiguration, "unknown region '\(region)'; write one such as eu-central-1, or give --endpoint-url")
    }
    // GovCloud's plain hosts are FIPS already.
    let isPlainFIPS =
      partition.name == "aws-us-gov" && govPlainIsFIPS.contains(service.hostPrefix) && (!dualStack || service.hostPrefix == "monitoring")
    var prefix = fips && !isPlainFIPS ? "\(service.hostPrefix)-fips" : service.hostPrefix
    var domain = dualStack ? partition.dualStackDomain : partition.domain
    if service.hostPrefix.hasPrefix("cognito-") {
      (prefix, domain) = cognito(service, partition, region: region, fips: fips, dualStack: dualStack)
    }
    let host = "\(prefix).\(region).\(domain)"
    return Endpoint(url: "https://\(host)", host: host)
  }

  private static let govPlainIsFIPS: Set = ["logs", "monitoring", "sts", "portal.sso", "oidc", "cloudformation", "ssm"]

  // The Cognito services have rules of their own: no dual-stack without FIPS, older names of FIPS hosts in the four US
  // regions, and nothing but FIPS in GovCloud.
  private static func cognito(
    _ service: Service, _ partition: Partition, region: String, fips: Bool, dualStack: Bool
  ) -> (String, String) {
    if partition.name == "aws-us-gov" { return ("\(service.hostPrefix)-fips", partition.domain) }
    let prefix = fips ? "\(service.hostPrefix)-fips" : service.hostPrefix
    guard partition.name == "aws" else { return (prefix, dualStack ? partition.dualStackDomain : partition.domain) }
    let isOld = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"].contains(region)
    return (prefix, fips && dualStack && !isOld ? partition.dualStackDomain : partition.domain)
  }

  /// An endpoint given as a URL. Plain `http` is allowed for this machine only.
  static func custom(_ text: String) throws -> Endpoint {
    // This is first, since the other messages quote the URL.
    guard !text.contains("@") else {
      throw CommandError(.badConfiguration, "the endpoint URL has a user name or password in it; neither is sent to AWS, leave them out")
    }
    let (scheme, rest): (String, Substring)
    if text.hasPrefix("https://") {
      (scheme, rest) = ("https", text.dropFirst(8))
    } else if text.hasPrefix("http://") {
      (scheme, rest) = ("http", text.dropFirst(7))
    } else {
      throw CommandError(.badConfiguration, "endpoint '\(text)' is no URL; it begins with https:// (or http:// for this machine)")
    }
    let authority = String(rest.prefix { $0 != "/" })
    guard rest.count == authority.count || rest.dropFirst(authority.count) == "/" else {
      throw CommandError(.badConfiguration, "endpoint '\(text)' has a path; give scheme, host and port only")
    }
    let isCharacter: (UInt8) -> Bool = { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || ".-_:[]".utf8.contains(byte)
    }
    guard !authority.isEmpty, authority.utf8.allSatisfy(isCharacter) else {
      throw CommandError(.badConfiguration, "endpoint '\(text)' has no usable host name")
    }
    let (name, port) = split(authority)
    if scheme == "http", !isLoopback(name) {
      throw CommandError(
        .badConfiguration, "endpoint '\(text)' would send data unprotected; plain http is for 127.0.0.1 and localhost, use https")
    }
    let isDefaultPort = port == (scheme == "https" ? "443" : "80")
    return Endpoint(url: "\(scheme)://\(authority)", host: isDefaultPort ? name : authority)
  }

  /// Whether an authority is exactly one of these hosts, with or without a port.
  package static func isOne(of hosts: [String], _ authority: String) -> Bool {
    let (name, port) = split(authority)
    return hosts.contains(name) && port?.utf8.allSatisfy { (0x30...0x39).contains($0) } ?? true
  }

  private static func split(_ authority: String) -> (name: String, port: String?) {
    guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return (authority, nil) }
    return (String(authority[..<colon]), String(authority[authority.index(after: colon)...]))
  }

  private static func isLoopback(_ name: String) -> Bool {
    if name == "localhost" || name == "[::1]" { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
