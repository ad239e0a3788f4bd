internal import AWS

/// What can be done with a stack, by its status.
enum StackCondition: Equatable {
  /// It can be used, and updated.
  case ready
  /// Something is being done with it, or undone.
  case busy
  /// Nothing can be done before a person has; what that is.
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

  /// Of what has happened since `known`, the newest first, what failed first.
  static func firstCause(_ events: [CloudFormation.StackEvent], known: Set<String>) -> CloudFormation.StackEvent? {
    let new = events.prefix { !known.contains($0.id) }.reversed()
    let failed = new.filter { $0.status.hasSuffix("_FAILED") }
    // One that was given up because another had failed.
    return failed.first { !$0.reason.hasPrefix("Resource creation cancelled") && !$0.reason.hasPrefix("Resource update cancelled") }
      ?? failed.first
  }
}
