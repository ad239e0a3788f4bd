package import Unix

/// Names of groups and streams with placeholders in braces.
enum NameTemplate {
  /// Those that have one value on each machine, from its start on.
  static let placeholders = ["instance_id", "hostname", "local_hostname"]

  /// The CloudWatch agent's others, and why a name with them would not be what it says.
  static let refused = [
    "date": "{date} would be the day of the last start for ever, not that of the event; leave it out, CloudWatch Logs finds events by time",
    "ip_address": "{ip_address} changes with the network and is not known before there is one; use {hostname} or {instance_id}",
    "aws_region": "{aws_region} is not known here; write the region's name",
    "account_id": "{account_id} is not known here; write the account's number",
  ]

  /// - Parameter value: what a placeholder stands for; nil leaves it as it is.
  static func expand(_ template: String, _ value: (_ placeholder: String) throws -> String?) rethrows -> String {
    var result = ""
    var rest = template[...]
    while let brace = rest.firstIndex(of: "{") {
      result += rest[..<brace]
      rest = rest[brace...]
      let name = rest.dropFirst().prefix { $0 == "_" || $0.isASCII && $0.isLetter }
      if !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == "}", let value = try value(String(name)) {
        result += value
        rest = rest[name.endIndex...].dropFirst()
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }

  /// Why the first unknown placeholder cannot be replaced; nil: there is none.
  static func validationError(_ template: String) -> String? {
    var validationError: String?
    _ = expand(template) { name in
      if validationError == nil, !placeholders.contains(name) {
        let known = placeholders.map { "{\($0)}" }.joined(separator: ", ")
        validationError = refused[name] ?? "{\(name)} is no placeholder; there are \(known)"
      }
      return ""
    }
    return validationError
  }
}

/// What the placeholders stand for on this machine. The instance id is found when it is first needed, which may run a command.
package final class MachineNames {
  private let findInstanceId: () throws -> String
  private let hostName: String
  private var instanceId: String?

  /// - Parameter instanceId: finds the id when it is first needed; what it throws, `expand` throws.
  package init(hostName: String, instanceId: @escaping () throws -> String) {
    self.hostName = hostName
    findInstanceId = instanceId
  }

  /// - Throws: `ConfigurationError` if a name is needed that this machine does not have.
  package func expand(_ template: String) throws -> String {
    try NameTemplate.expand(template) { placeholder in
      switch placeholder {
      case "instance_id":
        let id = try instanceId ?? findInstanceId()
        instanceId = id
        return id
      // The agent has another one for {hostname} only in EC2.
      case "hostname", "local_hostname":
        if hostName.isEmpty { throw ConfigurationError("{\(placeholder)}: this machine has no host name") }
        return hostName
      default: return nil
      }
    }
  }
}

extension Configuration {
  /// The names of this machine, its instance id found as the configuration says.
  package func machineNames(environment: @escaping Environment = processEnvironment) -> MachineNames {
    MachineNames(hostName: hostName()) { [self] in try instanceId(environment: environment) }
  }
}
