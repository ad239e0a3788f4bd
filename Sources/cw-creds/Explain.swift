internal import ArgumentParser
internal import AWS
internal import Config
internal import Unix

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say where credentials are looked for, and what they may do.",
    discussion: """
      Walks down the places in which credentials are looked for, and says why each was passed over; then who they are, and how AWS is \
      reached. With --config each call that the publisher makes is tried: the log group is made if it is missing, and in it an empty \
      stream cw-creds; the events and the metric that are sent are so old that AWS does not keep them. What is not allowed is named, \
      with the policy to paste. Ends like check, and with 77 if something is not allowed.
      """)

  @OptionGroup var options: CredsOptions

  func run() throws {
    let configuration = try options.configuration()
    let session = try options.session(configuration)
    let permissions = try configuration.map { try RequiredPermissions($0, session) }
    if options.aws.dryRun {
      let calls = permissions?.calls.map { "\($0.request.service.signingName) \($0.request.operation)" } ?? []
      return try session.printCalls(besides: ["sts GetCallerIdentity"] + calls)
    }
    try writeOutput(section("places", entries(session)))
    try writeOutput(section("network", network(session)))
    let identity = try Identity(session)
    try writeOutput(section("identity", identity.lines.filter { $0.0 != "region" }))
    if let permissions {
      let decisions = try permissions.tryAll(session)
      try writeOutput(section("permissions", decisions.map { ($0.action, $0.text) }))
      let missing = decisions.filter(\.isDenied)
      if !missing.isEmpty {
        try writeOutput("policy that is needed\n\(permissions.policy(account: identity.caller.account))\n")
        let actions = Set(missing.map(\.action)).sorted().joined(separator: ", ")
        throw CommandError(.noPermission, "\(actions) not allowed; paste the policy above into the role or user \(identity.caller.arn)")
      }
    }
    try identity.reportClockError()
  }

  private func section(_ name: String, _ lines: [(String, String)]) -> String {
    "\(name)\n" + columns(lines.map { ["  \($0.0)", $0.1.printable] })
  }

  /// Every provider, and why it was not used.
  private func entries(_ session: AWSSession) throws -> [(String, String)] {
    let context = try session.credentialsContext()
    let lookups = try CredentialsChain.walk(context)
    var lines: [(String, String)] = lookups.map { lookup in
      switch lookup.result {
      case .nothing(let reason): (lookup.title, "no: \(reason)")
      case .provider(let provider): (lookup.title, "yes: \(provider.name)")
      }
    }
    lines += CredentialsChain.entries(context).dropFirst(lookups.count).map { ($0.title, "not asked") }
    return lines
  }

  private func network(_ session: AWSSession) throws -> [(String, String)] {
    var lines = [("region", try session.region())]
    for service in [CloudWatchLogs.service, CloudWatch.service, STS.service] {
      lines.append((service.signingName, try session.endpoint(of: service).url))
    }
    lines.append(("proxy", Proxy.description(environment: processEnvironment)))
    let trust = try session.clientOptions(retryPolicy: RetryPolicy(maximumAttempts: 1, repeatsUncertain: false)).caBundle
    lines.append(("trusts", trust.map { "the authorities in \($0)" } ?? "the authorities that this system trusts"))
    return lines
  }
}

/// The proxy that libcurl will use.
enum Proxy {
  /// A description for people, without a password in the URL.
  static func description(environment: Environment) -> String {
    let variables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    guard let variable = variables.first(where: { environment($0) != nil }), let url = environment(variable) else { return "none" }
    let exceptions = (environment("no_proxy") ?? environment("NO_PROXY")).map { ", not for \($0)" } ?? ""
    return "\(withoutUser(url)) (\(variable))\(exceptions)"
  }

  static func withoutUser(_ url: String) -> String {
    // `http://user:password@host:port`, or without the scheme. A password may have any character in it, also where it must not.
    guard let at = url.lastIndex(of: "@") else { return url }
    let scheme = url.prefix { $0 != ":" }
    return (url.dropFirst(scheme.count).hasPrefix("://") ? "\(scheme)://" : "") + "(hidden)" + url[at...]
  }
}
