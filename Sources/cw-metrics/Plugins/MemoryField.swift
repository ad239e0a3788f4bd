/// `mem`: what the memory is used for.
enum MemoryField: String, CaseIterable, MemoryInfoField {
  case active
  case available
  case availablePercent = "available_percent"
  case buffered
  case cached
  case free
  case inactive
  case shared
  case total
  case used
  case usedPercent = "used_percent"

  // By the CloudWatch agent's formulas.
  func value(in memory: MemoryInfo) -> Double? {
    switch self {
    case .active: memory.bytes(memory.active)
    case .available: memory.availableBytes
    case .availablePercent: memory.percent(memory.availableBytes)
    case .buffered: memory.bytes(memory.buffers)
    case .cached: memory.cachedBytes
    case .free: memory.bytes(memory.free)
    case .inactive: memory.bytes(memory.inactive)
    case .shared: memory.bytes(memory.shared)
    case .total: memory.bytes(memory.total)
    case .used: memory.usedBytes
    case .usedPercent: memory.percent(memory.usedBytes)
    }
  }
}

extension MemoryInfo {
  fileprivate var availableBytes: Double? { Memory(self).map { Double($0.available) } }

  fileprivate var cachedBytes: Double? {
    guard let cached = bytes(cached) else { return nil }
    return cached + (bytes(reclaimable) ?? 0)
  }

  // Around a container the parts may be the host's, and more than the whole.
  fileprivate var usedBytes: Double? {
    guard let total = bytes(total), let free = bytes(free), let buffers = bytes(buffers), let cachedBytes else { return nil }
    let used = total - free - buffers - cachedBytes
    return used >= 0 ? used : nil
  }

  fileprivate func percent(_ part: Double?) -> Double? {
    guard let part, let total = bytes(total), total > 0 else { return nil }
    return 100 * part / total
  }

  fileprivate func bytes(_ kibibytes: UInt64?) -> Double? { kibibytes.map { Double($0) * 1024 } }
}
