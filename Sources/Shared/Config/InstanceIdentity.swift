internal import Unix

/// How a machine learns its own name.
enum InstanceIdentity {
  /// A command that takes longer hangs, for all that a boot may wait.
  static let timeLimit = 10.0
  /// In bytes; a serial number is short, and what is longer is something else.
  static let outputLimit = 256

  /// - Parameter timeLimit: seconds that `command` may take.
  static func find(
    _ instance: Configuration.Instance, environment: Environment, timeLimit: Double = timeLimit
  ) throws -> String {
    if let given = environment("CW_INSTANCE_ID") {
      guard isGood(given) else {
        throw ConfigurationError("CW_INSTANCE_ID is \(quoted(given)); expected letters, digits and . _ -")
      }
      return given
    }
    if let serial = instance.serial, !serial.isEmpty { return "\(instance.prefix)-\(serial)" }
    return "\(instance.prefix)-\(try serial(printedBy: instance.command, timeLimit: timeLimit))"
  }

  /// Whether a text can stand in the names of log groups, streams, users and things.
  static func isGood(_ id: String) -> Bool {
    id.consists(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", 1...256)
  }

  private static func serial(printedBy command: String, timeLimit: Double) throws -> String {
    func failure(_ what: String, _ output: [UInt8]) -> ConfigurationError {
      let printed = String(decoding: output.prefix(outputLimit), as: UTF8.self)
      return ConfigurationError(
        "agent.instance.command \(quoted(command)) \(what), and printed \(quoted(printed)); "
          + "expected one serial number of letters, digits and . _ -")
    }
    let result: ChildProcess.Result
    do {
      result = try ChildProcess.run(["/bin/sh", "-c", command], outputLimit: outputLimit, seconds: timeLimit)
    } catch let error as SystemError {
      throw ConfigurationError("agent.instance.command: \(error.message)")
    }
    switch result.ending {
    case .tooSlow: throw failure("took more than \(JSON.Value.number(timeLimit).word) seconds", result.output)
    case .tooMuchOutput: throw failure("printed more than \(outputLimit) bytes", result.output)
    case .killed(let signal): throw failure("was killed by signal \(signal)", result.output)
    case .exited(let status) where status != 0: throw failure("failed with status \(status)", result.output)
    case .exited: break
    }
    let serial = trimmed(result.output).lowercased()
    guard isGood(serial) else { throw failure(serial.isEmpty ? "found nothing" : "did not answer well", result.output) }
    return serial
  }

  private static func trimmed(_ output: [UInt8]) -> String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let text = output.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return String(decoding: text, as: UTF8.self)
  }
}
