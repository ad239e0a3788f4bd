/// A template that is a part of this program, and its parameters and outputs.
struct StackTemplate {
  let text: String
  /// Its parameters.
  let parameters: [String]
  /// A stack of this template has these outputs.
  let outputs: [String]

  /// How the description of every template of ours begins.
  static let descriptionPrefix = "CloudWatch Publisher - "

  static let cognito = StackTemplate(
    text: String(decoding: PackageResources.cognito_stack_yaml, as: UTF8.self),
    parameters: ["Namespaces", "LogGroups", "RetentionInDays", "WidePolicy", "PasswordFlow"], outputs: StackOutputs.names)

  static let iot = StackTemplate(
    text: String(decoding: PackageResources.iot_stack_yaml, as: UTF8.self),
    parameters: ["Namespaces", "LogGroups", "RetentionInDays", "WidePolicy"], outputs: ThingStackOutputs.names)

  /// The parameters to send: what is given, else what the stack has, so that a later run without an option changes nothing.
  func parameters(given: [String: String], previous: [String: String]) -> [(key: String, value: String)] {
    parameters.compactMap { name in (given[name] ?? previous[name]).map { (name, $0) } }
  }
}
