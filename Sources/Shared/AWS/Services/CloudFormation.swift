/// CloudFormation (API version 2010-05-15).
package enum CloudFormation {
  package static let service = Service(
    hostPrefix: "cloudformation", signingName: "cloudformation", wireProtocol: .query(version: "2010-05-15"),
    endpointIdentifier: "CLOUDFORMATION",
    bodies: .names)

  /// Creates a stack.
  /// - Parameter template: JSON or YAML, at most 51,200 bytes.
  package static func createStack(_ name: String, template: String, parameters: [(key: String, value: String)]) -> AWSRequest {
    request("CreateStack", name, template, parameters)
  }

  /// Gives a stack another template or other parameters.
  /// - Parameter template: JSON or YAML, at most 51,200 bytes.
  package static func updateStack(_ name: String, template: String, parameters: [(key: String, value: String)]) -> AWSRequest {
    request("UpdateStack", name, template, parameters)
  }

  private static func request(
    _ operation: String, _ name: String, _ template: String, _ parameters: [(key: String, value: String)]
  ) -> AWSRequest {
    var members = [("StackName", name), ("TemplateBody", template), ("Capabilities.member.1", "CAPABILITY_IAM")]
    for (number, parameter) in zip(1..., parameters) {
      members.append(("Parameters.member.\(number).ParameterKey", parameter.key))
      members.append(("Parameters.member.\(number).ParameterValue", parameter.value))
    }
    return AWSRequest(service: service, operation: operation, members: members)
  }

  /// Asks for one stack.
  package static func describeStacks(_ name: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeStacks", members: [("StackName", name)])
  }

  /// Asks for the newest hundred events, the newest first.
  package static func describeStackEvents(_ name: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeStackEvents", members: [("StackName", name)])
  }

  /// Asks for the template that a stack has.
  package static func getTemplate(_ name: String) -> AWSRequest {
    AWSRequest(service: service, operation: "GetTemplate", members: [("StackName", name)])
  }

  package struct Stack: Equatable {
    package var status: String
    package var statusReason = ""
    package var description = ""
    package var parameters: [String: String] = [:]
    package var outputs: [String: String] = [:]
  }

  /// The stack in a response to DescribeStacks; nil: there is none.
  package static func stack(_ response: AWSResponse) -> Stack? {
    guard let stack = XMLElement(response.body)?.at("DescribeStacksResult", "Stacks", "member"), let status = stack["StackStatus"]?.text
    else { return nil }
    func pairs(_ list: String, _ key: String, _ value: String) -> [String: String] {
      let members = (stack[list]?.children ?? []).compactMap { member in
        member[key].map { ($0.text, member[value]?.text ?? "") }
      }
      return Dictionary(members, uniquingKeysWith: { first, _ in first })
    }
    return Stack(
      status: status, statusReason: stack["StackStatusReason"]?.text ?? "", description: stack["Description"]?.text ?? "",
      parameters: pairs("Parameters", "ParameterKey", "ParameterValue"), outputs: pairs("Outputs", "OutputKey", "OutputValue"))
  }

  package struct StackEvent: Equatable {
    package var id: String
    /// The resource's name in the template; that of the stack for the stack itself.
    package var resource: String
    package var status: String
    package var reason = ""
  }

  /// The events in a response to DescribeStackEvents; malformed ones are left out.
  package static func events(_ response: AWSResponse) -> [StackEvent] {
    (XMLElement(response.body)?.at("DescribeStackEventsResult", "StackEvents")?.children ?? []).compactMap { event in
      guard let id = event["EventId"]?.text, let resource = event["LogicalResourceId"]?.text, let status = event["ResourceStatus"]?.text
      else { return nil }
      return StackEvent(id: id, resource: resource, status: status, reason: event["ResourceStatusReason"]?.text ?? "")
    }
  }

  /// The template in a response to GetTemplate; nil: there is none.
  package static func template(_ response: AWSResponse) -> String? {
    XMLElement(response.body)?.at("GetTemplateResult", "TemplateBody")?.text
  }
}
