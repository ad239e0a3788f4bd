internal import Config
internal import Unix

/// `KEY=VALUE` on a command line.
struct Assignment {
  let key: String
  /// Nil: the key is removed.
  let value: JSON.Value?

  /// - Parameter number: the argument's number from 1, which messages use for an unknown key: that may be a secret.
  /// - Throws: `CommandError` for an unknown key, a secret or an invalid value.
  init(_ argument: String, number: Int) throws {
    guard let sign = argument.firstIndex(of: "=") else {
      throw CommandError(
        .usage,
        ConfigTool.unknown(argument) == nil
          ? "\(argument) has no value; write \(argument)=VALUE, or \(argument)= to take it out"
          : "number \(number) behind the template is no KEY=VALUE, such as agent.region=eu-west-1")
    }
    key = String(argument[..<sign])
    if let validationError = ConfigTool.unknown(key) { throw CommandError(.usage, validationError) }
    let typed = String(argument[argument.index(after: sign)...])
    value = typed.isEmpty ? nil : try Self.value(of: key, typed)
  }

  private static func value(of key: String, _ typed: String) throws -> JSON.Value {
    if Schema.secrets.contains(key) {
      throw CommandError(
        .usage,
        "\(key) is a secret, which others could see on the command line; "
          + (key == "agent.authentication.password"
            ? "put it into a file, and set agent.authentication.passwordFile" : "write it into the template"))
    }
    guard let type = Schema.descriptions.first(where: { $0.path == key })?.type else {
      throw CommandError(.usage, "\(key) is no single value; set keys in it, or write it into the template")
    }
    if let value = type.value(typed: typed) { return value }
    throw CommandError(.usage, "\(key): \(type.validationError(.text(typed)) ?? "not accepted")")
  }
}
