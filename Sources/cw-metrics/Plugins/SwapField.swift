/// `swap`: the space for memory that is swapped out.
enum SwapField: String, CaseIterable, MemoryInfoField {
  case free
  case used
  case usedPercent = "used_percent"

  // Nothing where the kernel has no swap built in, or says that more is free than there is.
  func value(in memory: MemoryInfo) -> Double? {
    guard let total = memory.swapTotal, let free = memory.swapFree, free <= total else { return nil }
    let used = Double(total - free)
    return switch self {
    case .free: Double(free) * 1024
    case .used: used * 1024
    case .usedPercent: total > 0 ? 100 * used / Double(total) : 0
    }
  }
}
