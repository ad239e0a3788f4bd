internal import Unix

/// Whether the firmware says that this machine is an instance of EC2 ("Detect whether a host is an EC2 instance", Amazon EC2 User
/// Guide; cloud-init's ds-identify looks at the same files). Elsewhere the address of the instance metadata service is anybody's on the
/// same link, who could lend this machine his own identity.
enum EC2Firmware {
  /// What a file begins with on an instance, upper and lower case being the same. The first two can be read by everybody.
  private static let signs = [
    (file: "class/dmi/id/sys_vendor", text: "amazon ec2"),
    (file: "class/dmi/id/board_asset_tag", text: "i-"),
    (file: "class/dmi/id/product_uuid", text: "ec2"),
    (file: "class/dmi/id/product_serial", text: "ec2"),
    (file: "hypervisor/uuid", text: "ec2"),
  ]

  /// - Parameter root: where sysfs is.
  static func isHere(_ root: String) -> Bool {
    signs.contains { sign in
      guard let bytes = try? TextFile.read("\(root)/\(sign.file)", limit: 4096) else { return false }
      return String(decoding: bytes, as: UTF8.self).lowercased().hasPrefix(sign.text)
    }
  }
}
