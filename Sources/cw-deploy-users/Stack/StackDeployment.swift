internal import AWS
internal import Config
internal import Unix

/// Creates and updates one stack, and waits for it.
struct StackDeployment {
  let client: RetryingClient
  let region: String
  let name: String
  let template: StackTemplate
  /// The template's parameters that are given.
  let parameters: [String: String]

  /// What a run would do.
  enum Intention: String {
    case create
    case update
    case nothing = "nothing to do"
    /// It has the outputs, and another program has made it, such as the original publisher's script: an update could replace its users.
    case useAsItIs = "not made by this program; used as it is"
  }

  /// Half an hour; a stack like this takes less than two minutes.
  private static let timeout: Int64 = 1_800_000_000_000

  /// The stack as it is; nil: there is none.
  func current() throws -> CloudFormation.Stack? {
    do {
      let response = try client.allowed(CloudFormation.describeStacks(name))
      guard let stack = CloudFormation.stack(response) else {
        throw CommandError(.unavailable, "CloudFormation answered something else than a stack")
      }
      return stack
    } catch let error as AWSError where error.code == "ValidationError" && error.detail.contains("does not exist") {
      return nil
    }
  }

  /// The outputs of a stack.
  /// - Throws: `ConfigurationError` if there is none, or it is not ready.
  func outputs(of stack: CloudFormation.Stack?) throws -> [String: String] {
    guard let stack else {
      throw ConfigurationError(
        "there is no stack \(name) in \(region); run this without options to make it, or give its --region or --stack-name")
    }
    try check(stack)
    return stack.outputs
  }

  /// - Throws: `ConfigurationError` if the stack is not one for this, or stuck.
  private func check(_ stack: CloudFormation.Stack) throws {
    if case .stuck(let what) = StackCondition(stack.status, name: name) {
      throw ConfigurationError("the stack \(name) in \(region) is in \(stack.status): \(what)")
    }
    if StackCondition(stack.status, name: name) == .ready, let missing = template.outputs.first(where: { stack.outputs[$0] == nil }) {
      throw ConfigurationError("the stack \(name) in \(region) is another one, it has no output \(missing); give another --stack-name")
    }
  }

  func intention(_ stack: CloudFormation.Stack?) throws -> Intention {
    guard let stack else { return .create }
    try check(stack)
    guard isOurs(stack) else { return .useAsItIs }
    let sent = template.parameters(given: parameters, previous: stack.parameters)
    guard sent.allSatisfy({ stack.parameters[$0.key] == $0.value }) else { return .update }
    let present = CloudFormation.template(try client.allowed(CloudFormation.getTemplate(name)))
    return present == template.text ? .nothing : .update
  }

  var missingOutputs: CommandError {
    CommandError(.unavailable, "the stack \(name) has not all of its outputs; look at it in the console")
  }

  private func isOurs(_ stack: CloudFormation.Stack) -> Bool { stack.description.hasPrefix(StackTemplate.descriptionPrefix) }

  /// Creates or updates the stack.
  /// - Parameter report: called with a line for people about each event of a resource.
  /// - Returns: its outputs.
  func run(report: (String) -> Void) throws -> [String: String] {
    var stack = try current()
    if let found = stack, StackCondition(found.status, name: name) == .busy {
      // Another run changes the stack; after a deletion there is none.
      stack = try settled(known: Set(try events().map(\.id)), report)
    }
    guard let stack else {
      let sent = template.parameters(given: parameters, previous: [:])
      try begin(CloudFormation.createStack(name, template: template.text, parameters: sent))
      return try outcome(known: [], report)
    }
    try check(stack)
    guard isOurs(stack) else { return stack.outputs }
    let known = Set(try events().map(\.id))
    let sent = template.parameters(given: parameters, previous: stack.parameters)
    do {
      try begin(CloudFormation.updateStack(name, template: template.text, parameters: sent))
    } catch let error as AWSError where error.detail.contains("No updates are to be performed") {
      return stack.outputs
    }
    return try outcome(known: known, report)
  }

  private func begin(_ request: AWSRequest) throws {
    do {
      _ = try client.allowed(request)
    } catch let error as AWSError where error.code == "ValidationError" && !error.detail.contains("No updates") {
      // A parameter, or a region without user pools.
      throw ConfigurationError("CloudFormation does not take the stack \(name) in \(region): \(error.detail)")
    } catch let error as AWSError where error.code == "AlreadyExistsException" {
      throw CommandError(.tryAgain, "somebody else has just made the stack \(name); run this again")
    } catch let error as AWSError where error.kind == .refused && error.code != "ValidationError" {
      throw CommandError(.unavailable, error.message)
    }
  }

  private func outcome(known: Set<String>, _ report: (String) -> Void) throws -> [String: String] {
    let stack = try settled(known: known, report)
    if let stack, ["CREATE_COMPLETE", "UPDATE_COMPLETE"].contains(stack.status) {
      try check(stack)
      return stack.outputs
    }
    let cause = StackCondition.firstCause(try events(), known: known)
    let reason = cause.map { "\($0.resource): \($0.reason)" } ?? stack?.statusReason ?? "it is gone"
    let isDenied = reason.contains("not authorized") || reason.contains("AccessDenied")
    throw CommandError(isDenied ? .noPermission : .unavailable, "the stack \(name) failed (\(stack?.status ?? "deleted")): \(reason)")
  }

  /// Waits until the stack is no longer busy.
  private func settled(known: Set<String>, _ report: (String) -> Void) throws -> CloudFormation.Stack? {
    let start = Clock.monotonicNanoseconds()
    var (known, pause) = (known, 200)
    while true {
      let stack = try current()
      for event in try events().prefix(while: { !known.contains($0.id) }).reversed() {
        known.insert(event.id)
        let seconds = (Clock.monotonicNanoseconds() - start) / 1_000_000_000
        report("\(event.resource)  \(event.status)  \(seconds) s")
      }
      guard let stack, StackCondition(stack.status, name: name) == .busy else { return stack }
      guard Clock.monotonicNanoseconds() - start < Self.timeout else {
        throw CommandError(.tryAgain, "the stack \(name) is still in \(stack.status) after half an hour; run this again later")
      }
      client.wait(milliseconds: pause)
      pause = min(pause * 3 / 2, 3000)
    }
  }

  private func events() throws -> [CloudFormation.StackEvent] {
    do {
      return CloudFormation.events(try client.allowed(CloudFormation.describeStackEvents(name)))
    } catch let error as AWSError where error.code == "ValidationError" {
      return []
    }
  }
}
