internal import Unix

enum FileLink {
  /// Where a symbolic link leads to, as it is written; nil if it is none, or cannot be read.
  static func target(_ path: String) -> [UInt8]? {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { room in
      guard let start = room.baseAddress else { return nil }
      let count = readlink(path, start.assumingMemoryBound(to: CChar.self), room.count)
      return count > 0 ? Array(room[..<count]) : nil
    }
  }
}
