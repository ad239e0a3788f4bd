internal import Unix

/// A command of the configuration, run by the shell.
package struct ShellCommand: Equatable, Sendable, ExpressibleByStringLiteral {
  /// In seconds; a command that takes longer hangs, for all that a boot may wait.
  static let timeLimit = 10.0

  package let text: String
  /// Why it is not run: another user could have written it. Nil: it is run.
  var trustError: String?

  init(_ text: String) { self.text = text }

  /// For our own commands.
  package init(stringLiteral text: String) { self.init(text) }

  /// - Parameter key: that it stands under, for messages.
  /// - Returns: what it printed, and what went wrong: completes "the command ..."; nil if it ended well.
  func run(_ key: String, outputLimit: Int, seconds: Double) throws -> (output: [UInt8], validationError: String?) {
    if let trustError { throw ConfigurationError("\(key) is not run: \(trustError)") }
    let result = try translating({ ConfigurationError("\(key): \($0.message)") }) {
      try ChildProcess.run(["/bin/sh", "-c", text], outputLimit: outputLimit, seconds: seconds)
    }
    let validationError: String? =
      switch result.termination {
      case .tooSlow: "took more than \(JSON.Number(seconds).text) seconds"
      case .tooMuchOutput: "printed more than \(outputLimit) bytes"
      case .killed(let signal): "was killed by signal \(signal)"
      case .exited(0): nil
      case .exited(let status): "failed with status \(status)"
      }
    return (result.output, validationError)
  }
}

extension ShellCommand: JSONStorable {
  /// Nil if the value is no text.
  package init?(_ json: JSON.Value) {
    guard let text = String(json) else { return nil }
    self.init(text)
  }

  package var json: JSON.Value? { text.json }
}
