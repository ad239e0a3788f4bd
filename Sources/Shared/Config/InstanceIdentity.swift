internal import Unix

/// How a machine learns its own name.
package enum InstanceIdentity {
  /// In bytes; a serial number is short, and what is longer is something else.
  static let outputLimit = 256

  /// - Parameter timeLimit: seconds that `command` may take.
  static func find(
    _ instance: Configuration.Instance, environment: Environment, timeLimit: Double = ShellCommand.timeLimit
  ) throws -> String {
    if let given = environment("CW_INSTANCE_ID") {
      guard isValid(given) else {
        throw ConfigurationError("CW_INSTANCE_ID is \(quoted(given)); expected letters, digits and . _ -")
      }
      return given
    }
    if let serial = instance.serial, !serial.isEmpty { return "\(instance.prefix)-\(serial)" }
    return "\(instance.prefix)-\(try serial(printedBy: instance.command, timeLimit: timeLimit))"
  }

  /// Whether a text can stand in the names of log groups, streams, users and things.
  package static func isValid(_ id: String) -> Bool {
    id.consists(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", 1...256)
  }

  private static func serial(printedBy command: ShellCommand, timeLimit: Double) throws -> String {
    let key = "agent.instance.command"
    let (output, validationError) = try command.run(key, outputLimit: outputLimit, seconds: timeLimit)
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    let serial = String(decoding: output.trimmed(isSpace), as: UTF8.self).lowercased()
    guard validationError == nil, isValid(serial) else {
      let printed = String(decoding: output, as: UTF8.self)
      throw ConfigurationError(
        "\(key) \(quoted(command.text)) \(validationError ?? (serial.isEmpty ? "found nothing" : "did not answer well")), "
          + "and printed \(quoted(printed)); expected one serial number of letters, digits and . _ -")
    }
    return serial
  }
}
