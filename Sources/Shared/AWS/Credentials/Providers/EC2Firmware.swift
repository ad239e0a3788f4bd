internal import Unix

/// Whether the firmware says that this machine is an instance of EC2 ("Detect whether a host is an EC2 instance", Amazon EC2 User
/// Guide; cloud-init's ds-identify looks at the same files). Elsewhere any host on the same link may have the address of the instance
/// metadata service, and could give this machine another identity.
enum EC2Firmware {
  /// What a file begins with on an instance, in upper or lower case. Every user can read the first two.
  private static let signs = [
    (file: "class/dmi/id/sys_vendor", text: "amazon ec2"),
    (file: "class/dmi/id/board_asset_tag", text: "i-"),
    (file: "class/dmi/id/product_uuid", text: "ec2"),
    (file: "class/dmi/id/product_serial", text: "ec2"),
    (file: "hypervisor/uuid", text: "ec2"),
  ]

  /// - Parameter root: where sysfs is mounted.
  static func isHere(_ root: String) -> Bool {
    signs.contains { sign in
      guard let bytes = try? TextFile.read("\(root)/\(sign.file)", limit: 4096) else { return false }
      return String(decoding: bytes, as: UTF8.self).lowercased().hasPrefix(sign.text)
    }
  }
}
