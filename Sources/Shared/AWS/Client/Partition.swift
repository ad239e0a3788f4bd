/// A group of regions with their own accounts and domain names.
package struct Partition: Equatable {
  package var name: String
  var domain: String
  var dualStackDomain: String
  /// Beginnings of region names: `us-` of `us-east-1`.
  fileprivate var regionPrefixes: [String]

  /// From the SDKs' partitions file; the longer prefix stands first.
  static let all = [
    Partition(
      name: "aws-us-gov", domain: "amazonaws.com", dualStackDomain: "api.aws", regionPrefixes: ["us-gov-"]),
    Partition(
      name: "aws-cn", domain: "amazonaws.com.cn", dualStackDomain: "api.amazonwebservices.com.cn", regionPrefixes: ["cn-"]),
    Partition(
      name: "aws-eusc", domain: "amazonaws.eu", dualStackDomain: "api.amazonwebservices.eu", regionPrefixes: ["eusc-de-"]),
    Partition(
      name: "aws", domain: "amazonaws.com", dualStackDomain: "api.aws",
      regionPrefixes: ["us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"]),
  ]

  /// The partition of a region such as `eu-west-1`: prefix, a word, a number. Nil if no partition has such a region.
  package static func of(region: String) -> Partition? {
    for partition in all {
      for prefix in partition.regionPrefixes where region.hasPrefix(prefix) {
        let rest = region.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard rest.count == 2, !rest[0].isEmpty, rest[0].utf8.allSatisfy({ (0x61...0x7A).contains($0) }),
          !rest[1].isEmpty, rest[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { continue }
        return partition
      }
    }
    return nil
  }
}
