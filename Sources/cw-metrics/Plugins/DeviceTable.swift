internal import Unix

/// What is known of each device since the last sample, by name. The kernel lists devices in the same order each time, so that a name is
/// nearly always found where it was: nothing is hashed and no memory taken.
struct DeviceTable<State> {
  private struct Entry {
    let name: [UInt8]
    var state: State
    var isPresent: Bool
  }

  private var entries: [Entry] = []
  private var next = 0

  /// Begins a new reading.
  mutating func begin() {
    next = 0
    for index in entries.indices { entries[index].isPresent = false }
  }

  /// The state of a device, for `body` to use and change.
  /// - Parameter make: the state of one that was not there at the last reading.
  mutating func update(_ name: UnsafeRawBufferPointer, make: () -> State, _ body: (inout State) -> Void) {
    let index: Int
    if let known = find(name) {
      index = known
    } else {
      entries.append(Entry(name: Array(name), state: make(), isPresent: true))
      index = entries.count - 1
    }
    next = index + 1
    entries[index].isPresent = true
    body(&entries[index].state)
  }

  /// Ends the reading: what was not in it is forgotten, so that a device that comes again is a new one.
  mutating func end() {
    if entries.contains(where: { !$0.isPresent }) { entries.removeAll { !$0.isPresent } }
  }

  private func find(_ name: UnsafeRawBufferPointer) -> Int? {
    if next < entries.count, has(name, next) { return next }
    return entries.indices.first { has(name, $0) }
  }

  private func has(_ name: UnsafeRawBufferPointer, _ index: Int) -> Bool { entries[index].name.withUnsafeBytes { $0.equals(name) } }
}
