internal import Unix

/// A path as the CloudWatch agent puts it into a stream's name: `_` for each slash, and for what a group's name does not take.
enum FlatPath {
  static func make(of path: String) -> String { NameRules.groupName(path).replacing("/", with: "_") }

  /// The one path, among all that a glob may find, that keeps a flat name: `/bob/x_y` and `/bob_x/y` have the same. It is the one whose
  /// directories have the shortest names, and in which nothing but slashes was replaced; that depends on no other file's being there.
  /// - Returns: nil if the glob finds none of this name.
  static func owner(of name: Substring, glob: String) -> String? {
    if make(of: glob).utf8.elementsEqual(name.utf8) { return glob }
    guard Glob.isPattern(glob) else { return nil }
    let segments = glob.split(separator: "/", omittingEmptySubsequences: false).map(replacing)
    let bytes = Array(name.utf8)
    var dead: Set<[Int]> = []

    // The rest of the path, from a segment of the glob and an offset in the name on.
    func rest(_ segment: Int, _ start: Int) -> [String]? {
      guard dead.insert([segment, start]).inserted else { return nil }
      let isLast = segment == segments.count - 1
      let ends = isLast ? [bytes.count] : (start..<bytes.count).filter { bytes[$0] == UInt8(ascii: "_") }
      for end in ends {
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        guard fnmatch(segments[segment], text, FNM_PERIOD) == 0 else { continue }
        if isLast { return [text] }
        if let others = rest(segment + 1, end + 1) { return [text] + others }
      }
      return nil
    }
    return rest(0, 0)?.joined(separator: "/")
  }

  // What the name has `_` for, the glob has too.
  private static func replacing(_ segment: Substring) -> String {
    segment.unicodeScalars.map { "*?[]!^\\".unicodeScalars.contains($0) ? String($0) : NameRules.groupName(String($0)) }.joined()
  }
}
