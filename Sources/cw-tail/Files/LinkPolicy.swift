internal import Unix

/// Decides which links are followed. A link may lead to a file that the owner of the link cannot read but root can, so root follows only
/// links of root and of the file's own owner. For any other user the permissions of the kernel are enough.
enum LinkPolicy {
  /// Whether a path may be followed.
  /// - Parameter target: the status of the file that the path leads to.
  static func allows(_ path: String, _ target: stat, user: uid_t = geteuid()) -> Bool {
    guard user == 0 else { return true }
    return allows(path[...], target, depth: 0)
  }

  // Checks the path itself and the folders on the way to it.
  private static func allows(_ path: Substring, _ target: stat, depth: Int) -> Bool {
    guard depth < 40 else { return false }
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let part = String(path[..<end])
      guard let status = FileStatus.ofLink(part), status.isLink else { continue }
      guard status.st_uid == 0 || status.st_uid == target.st_uid, let next = destination(of: part) else { return false }
      let isAbsolute = next.hasPrefix("/")
      let folder = part.lastIndex(of: "/").map { part[..<$0] } ?? "."
      guard allows((isAbsolute ? next : "\(folder)/\(next)")[...], target, depth: depth + 1) else { return false }
    }
    return true
  }

  private static func destination(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let size = buffer.count
    let count = FileName.withBytes(link) { path in
      buffer.withUnsafeMutableBufferPointer { $0.baseAddress.map { readlink(path, $0, size) } ?? -1 }
    }
    return count > 0 && count < buffer.count ? FileName.text(buffer.prefix(count).map { UInt8(bitPattern: $0) }) : nil
  }
}
