internal import Records

/// Which sources a state that is too large leaves out.
///
/// Room is shared by folders, so that files made in one take none from the others; within a folder those go that have not moved
/// for longest. What is left out comes again after a restart, as far as it is still there.
enum StateEviction {
  /// - Parameters:
  ///   - sizes: what each source takes, in bytes.
  ///   - room: for all of them together.
  /// - Returns: the indexes of those that stay, in their order.
  static func retained(_ states: [SourceState], sizes: [Int], room: Int) -> [Int] {
    var folders: [ArraySlice<UInt8>: [Int]] = [:]
    for (index, state) in states.enumerated() {
      let end = state.source.lastIndex(of: UInt8(ascii: "/")) ?? state.source.startIndex
      folders[state.source[..<end], default: []].append(index)
    }
    let share = share(of: folders.values.map { $0.reduce(0) { $0 + sizes[$1] } }, room: room)
    var retained: [Int] = []
    for indexes in folders.values {
      var left = share
      for index in indexes.sorted(by: { states[$0].seen > states[$1].seen }) {
        left -= sizes[index]
        if left < 0 { break }
        retained.append(index)
      }
    }
    return retained.sorted()
  }

  // The most that a folder may take so that all have room: one that needs less leaves the rest to the others.
  private static func share(of sizes: [Int], room: Int) -> Int {
    var left = max(room, 0)
    for (index, size) in sizes.sorted().enumerated() {
      let share = left / (sizes.count - index)
      if size > share { return share }
      left -= size
    }
    return .max
  }
}
