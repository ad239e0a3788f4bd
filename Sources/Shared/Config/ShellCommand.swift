internal import Unix

/// A command of the configuration, run by the shell.
struct ShellCommand {
  /// In seconds; a command that takes longer hangs, for all that a boot may wait.
  static let timeLimit = 10.0

  /// The key that it stands under, for messages.
  let key: String
  let text: String

  init(key: String, _ text: String) {
    self.key = key
    self.text = text
  }

  /// - Returns: What it printed, and what went wrong: completes "the command ..."; nil if it ended well.
  func run(outputLimit: Int, seconds: Double) throws -> (output: [UInt8], complaint: String?) {
    let result: ChildProcess.Result
    do {
      result = try ChildProcess.run(["/bin/sh", "-c", text], outputLimit: outputLimit, seconds: seconds)
    } catch let error as SystemError {
      throw ConfigurationError("\(key): \(error.message)")
    }
    let complaint: String? =
      switch result.ending {
      case .tooSlow: "took more than \(JSON.Number(seconds).text) seconds"
      case .tooMuchOutput: "printed more than \(outputLimit) bytes"
      case .killed(let signal): "was killed by signal \(signal)"
      case .exited(0): nil
      case .exited(let status): "failed with status \(status)"
      }
    return (result.output, complaint)
  }
}
