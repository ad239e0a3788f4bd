/// An Amazon resource name, `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
struct ARN {
  let service: String
  let region: String
  let accountId: String
  /// May hold colons and slashes.
  let resource: String

  /// Nil if the text has another form.
  init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 6, parts[0] == "arn", parts[1] == "aws" || parts[1].hasPrefix("aws-"),
      parts.dropFirst().allSatisfy({ $0.consists(of: ValueType.alphanumeric + "_+=,.@/:-", 0...1024) }),
      parts[4].consists(of: "0123456789", 12...12), !parts[5].isEmpty
    else { return nil }
    (service, region, accountId, resource) = (parts[2], parts[3], parts[4], parts[5])
  }
}
