extension Plugins {
  /// What a small board needs and the CloudWatch agent does not have.
  static var board: [String: any Plugin.Type] { [:] }
}
