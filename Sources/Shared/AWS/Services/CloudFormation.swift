/// CloudFormation (API version 2010-05-15).
package enum CloudFormation {
  package static let service = Service(
    hostPrefix: "cloudformation", signingName: "cloudformation", wireProtocol: .query(version: "2010-05-15"),
    endpointIdentifier: "CLOUDFORMATION",
    bodies: .names)

  /// What CreateStack and UpdateStack are told.
  package struct StackRequest {
    package let name: String
    /// JSON or YAML, at most 51,200 bytes.
    package let template: String
    package let parameters: [(key: String, value: String)]

    package init(name: String, template: String, parameters: [(key: String, value: String)]) {
      self.name = name
      self.template = template
      self.parameters = parameters
    }

    fileprivate var members: [(String, String)] {
      let parameters = parameters.enumerated().flatMap { index, parameter in
        [
          ("Parameters.member.\(index + 1).ParameterKey", parameter.key),
          ("Parameters.member.\(index + 1).ParameterValue", parameter.value),
        ]
      }
      return [("StackName", name), ("TemplateBody", template), ("Capabilities.member.1", "CAPABILITY_IAM")] + parameters
    }
  }

  package static func createStack(_ request: StackRequest) -> AWSRequest {
    AWSRequest(service: service, operation: "CreateStack", members: request.members)
  }

  package static func updateStack(_ request: StackRequest) -> AWSRequest {
    AWSRequest(service: service, operation: "UpdateStack", members: request.members)
  }

  package static func describeStacks(_ name: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeStacks", members: [("StackName", name)])
  }

  /// The newest hundred, the newest first.
  package static func describeStackEvents(_ name: String) -> AWSRequest {
    AWSRequest(service: service, operation: "DescribeStackEvents", members: [("StackName", name)])
  }

  package static func getTemplate(_ name: String) -> AWSRequest {
    AWSRequest(service: service, operation: "GetTemplate", members: [("StackName", name)])
  }

  package struct Stack: Equatable {
    package var status: String
    package var statusReason: String
    package var description: String
    package var parameters: [String: String]
    package var outputs: [String: String]

    package init(
      status: String, statusReason: String = "", description: String = "", parameters: [String: String] = [:],
      outputs: [String: String] = [:]
    ) {
      self.status = status
      self.statusReason = statusReason
      self.description = description
      self.parameters = parameters
      self.outputs = outputs
    }
  }

  /// The one stack that was asked for.
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
    package var reason: String

    package init(id: String, resource: String, status: String, reason: String = "") {
      self.id = id
      self.resource = resource
      self.status = status
      self.reason = reason
    }
  }

  package static func events(_ response: AWSResponse) -> [StackEvent] {
    (XMLElement(response.body)?.at("DescribeStackEventsResult", "StackEvents")?.children ?? []).compactMap { event in
      guard let id = event["EventId"]?.text, let resource = event["LogicalResourceId"]?.text, let status = event["ResourceStatus"]?.text
      else { return nil }
      return StackEvent(id: id, resource: resource, status: status, reason: event["ResourceStatusReason"]?.text ?? "")
    }
  }

  package static func template(_ response: AWSResponse) -> String? {
    XMLElement(response.body)?.at("GetTemplateResult", "TemplateBody")?.text
  }
}
