internal import AWS

/// The condition of a stack, by its status.
enum StackCondition: Equatable {
  /// It can be used, and updated.
  case ready
  /// It is being changed, or a change is being undone.
  case busy
  /// A person has to act first, in the way that the text says.
  case stuck(String)

  /// ("Stack status codes", CloudFormation User Guide)
  init(_ status: String, name: String) {
    let delete = "delete it (aws cloudformation delete-stack --stack-name \(name)) and run this again"
    switch status {
    case "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE": self = .ready
    case "REVIEW_IN_PROGRESS": self = .stuck("somebody has begun to make it by a change set; execute that, or \(delete)")
    case "ROLLBACK_COMPLETE": self = .stuck("its creation has failed once, and nothing can be made of it; \(delete)")
    case "UPDATE_ROLLBACK_FAILED":
      self = .stuck("continue its rollback (aws cloudformation continue-update-rollback --stack-name \(name)) and run this again")
    case _ where status.hasSuffix("_IN_PROGRESS"): self = .busy
    default: self = .stuck(delete)
    }
  }

  /// The first failure since the `known` events; nil: there is none.
  /// - Parameter events: the newest first.
  static func firstCause(_ events: [CloudFormation.StackEvent], known: Set<String>) -> CloudFormation.StackEvent? {
    let new = events.prefix { !known.contains($0.id) }.reversed()
    let failed = new.filter { $0.status.hasSuffix("_FAILED") }
    // A resource that was cancelled because another had failed is no cause.
    return failed.first { !$0.reason.hasPrefix("Resource creation cancelled") && !$0.reason.hasPrefix("Resource update cancelled") }
      ?? failed.first
  }
}
