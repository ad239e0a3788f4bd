internal import ArgumentParser
internal import Config
internal import Unix

struct Fill: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a configuration from a template: set keys, take keys out.",
    discussion: """
      The rest stays as it stands, in its order. A list is typed as JSON. Secrets are never given \
      here: name a file with agent.authentication.passwordFile.
      """)

  @Argument(help: "A configuration file; - is standard input.", completion: .file())
  var template: String

  @Argument(help: ArgumentHelp("What a dotted key is set to; without VALUE it is taken out.", valueName: "key=value"))
  var assignments: [String] = []

  @Option(help: ArgumentHelp("Set agent.instance to what this id is made of, such as rpi-00000000abcdef01.", valueName: "id"))
  var instanceId: String?

  @Option(help: ArgumentHelp("Write to this file, for its owner only, instead of standard output.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(name: [.short, .long], help: "Say on stderr what is being done.")
  var verbose = false

  func validate() throws {
    guard let instanceId else { return }
    guard InstanceIdentity.isValid(instanceId) else { throw ValidationError("--instance-id: expected letters, digits and . _ -") }
    if let validationError = ConfigurationTemplate.validationError(instanceId) {
      throw ValidationError("--instance-id: \(validationError)")
    }
  }

  func run() throws {
    let assignments = try assignments.enumerated().map { try Assignment($1, number: $0 + 1) }
    if verbose { Messages.info("reading \(name)") }
    let text = try Self.filled(ConfigurationTemplate(read(), path: name), assignments, instanceId: instanceId)
    guard let output, output != "-" else { return try writeOutput(text) }
    try translating({ CommandError(.cannotWrite, $0.message) }) {
      try Array(text.utf8).withUnsafeBytes { _ = try AtomicFile.write($0, to: output) }
    }
    if verbose { Messages.info("wrote \(output)") }
  }

  static func filled(_ template: ConfigurationTemplate, _ assignments: [Assignment], instanceId: String?) throws -> String {
    var template = template
    if let instanceId { try template.identify(instanceId) }
    for assignment in assignments {
      if let value = assignment.value {
        try template.set(assignment.key, to: value)
      } else {
        template.remove(assignment.key)
      }
    }
    return template.text
  }

  private var name: String { template == "-" ? ConfigurationFile.standardInput : template }

  // The file's permissions do not matter: an example has a placeholder instead of a password.
  private func read() throws -> [UInt8] {
    try translating({ $0.code == EACCES ? $0 as any Error : ConfigurationError($0.message) }) {
      try template == "-" ? TextFile.read(descriptor: STDIN_FILENO, name: name) : TextFile.read(template)
    }
  }
}
