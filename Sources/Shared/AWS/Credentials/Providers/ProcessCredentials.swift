internal import Unix

/// A program that prints credentials (AWS SDKs and Tools Reference Guide, "Process credential provider").
struct ProcessCredentials: CredentialsProvider {
  let command: String
  let name: String

  /// Seconds. A program that takes longer hangs. It cannot ask a person for anything.
  private static let timeLimit = 60.0
  private static let outputLimit = 1 << 20

  static func find(_ context: CredentialsContext) throws -> LookupResult {
    guard let command = context.profile["credential_process"] else {
      return .nothing("profile '\(context.profileName)' has no credential_process")
    }
    let name = "credential_process of profile '\(context.profileName)'"
    if let trustError = context.shared.trustError { throw CredentialsError("\(name) is not run: \(trustError)", status: .badConfiguration) }
    return .provider(ProcessCredentials(command: command, name: name))
  }

  func retrieve(_ memory: inout [String: String]) throws -> AWSCredentials {
    try retrieve(timeLimit: Self.timeLimit)
  }

  /// - Parameter timeLimit: seconds that the program may take.
  func retrieve(timeLimit: Double) throws -> AWSCredentials {
    guard let words = ShellWords.split(command), let program = words.first, !program.isEmpty else {
      throw CredentialsError("\(name) is no command; are all quotes closed?")
    }
    let result = try translating({ CredentialsError("\(name): \($0.message)") }) {
      try ChildProcess.run(words, outputLimit: Self.outputLimit, seconds: timeLimit)
    }
    // The program shares this one's standard error, where its messages are.
    switch result.termination {
    case .exited(0): return try ProcessAnswer.credentials(result.output, from: name, now: Clock.realtimeMilliseconds())
    case .exited(let status): throw CredentialsError("\(name): \(program) failed with status \(status)", .unavailable)
    case .killed(let signal): throw CredentialsError("\(name): \(program) was killed by signal \(signal)", .unavailable)
    case .tooSlow: throw CredentialsError("\(name): \(program) took more than \(Int(timeLimit)) seconds", .unavailable)
    case .tooMuchOutput: throw CredentialsError("\(name): \(program) printed more than \(Self.outputLimit) bytes")
    }
  }
}
