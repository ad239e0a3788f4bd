internal import Unix

/// The service that this process runs in. Its journal entries are not sent: a warning about a refused event would be another event, which
/// would be refused in turn.
///
/// Outside a service (in a session, a container, under another supervisor) nothing is left out: other entries of the session are wanted,
/// and no message of this program is repeated for each event.
struct JournalUnit: Equatable {
  /// `_SYSTEMD_UNIT` of its entries.
  var unit: String
  /// `_SYSTEMD_USER_UNIT`, for a service of a user's own manager.
  var userUnit: String?

  /// - Parameter cgroup: the text of `/proc/self/cgroup` (cgroups(7)).
  init?(cgroup: String) {
    let hierarchies = cgroup.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false) }
    // systemd's own hierarchy, or the unified one.
    let own = hierarchies.first { $0.count == 3 && $0[1] == "name=systemd" } ?? hierarchies.first { $0.count == 3 && $0[1].isEmpty }
    guard let path = own?[2] else { return nil }
    var rest = path.split(separator: "/")[...]
    guard let unit = Self.service(&rest) else { return nil }
    self.unit = unit
    guard unit.hasPrefix("user@") else { return }
    guard let userUnit = Self.service(&rest) else { return nil }
    self.userUnit = userUnit
  }

  // Takes the slices and the unit from the front of a path; a unit may have cgroups of its own below it.
  private static func service(_ path: inout ArraySlice<Substring>) -> String? {
    path = path.drop { $0.hasSuffix(".slice") }
    guard let unit = path.popFirst(), unit.hasSuffix(".service") else { return nil }
    // systemd prefixes a name with `_` if it could be taken for a file of the kernel.
    return String(unit.hasPrefix("_") ? unit.dropFirst() : unit)
  }

  /// Whether the entry comes from this service.
  func wrote(_ entry: JournalEntry) -> Bool {
    Self.equals(entry.unit, unit) && (userUnit.map { Self.equals(entry.userUnit, $0) } ?? true)
  }

  // The only character in a unit's name that JSON escapes is the backslash, which systemd uses itself (`\x2d`).
  private static func equals(_ value: UnsafeRawBufferPointer?, _ name: String) -> Bool {
    guard let value, value.count >= name.utf8.count + 2 else { return false }
    var offset = 1
    for byte in name.utf8 {
      if byte == UInt8(ascii: "\\") {
        guard offset < value.count, value[offset] == byte else { return false }
        offset += 1
      }
      guard offset < value.count, value[offset] == byte else { return false }
      offset += 1
    }
    return offset == value.count - 1
  }
}
