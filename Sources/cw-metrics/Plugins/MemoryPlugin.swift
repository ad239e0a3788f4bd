internal import Unix

/// `mem`: what the memory is used for.
final class MemoryPlugin: Plugin {
  enum Field: String, CaseIterable {
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
  }

  private let context: PluginContext
  private let file: ProcFile
  private let wanted: [PluginContext.Wanted<Field>]
  private let machine: PluginContext.Instance

  init(_ context: PluginContext) {
    self.context = context
    file = context.file("/proc/meminfo")
    wanted = context.wanted()
    machine = context.instance()
  }

  func sample() {
    guard let memory = context.read(file, parse: { MemoryInfo.parse(meminfo: $0) }) else { return }
    for field in wanted {
      if let value = memory.value(field.field) { context.write(value, field, machine) }
    }
  }
}

extension MemoryInfo {
  /// By the CloudWatch agent's formulas; nil where the kernel says nothing, or something that cannot be.
  func value(_ field: MemoryPlugin.Field) -> Double? {
    switch field {
    case .active: bytes(active)
    case .available: bytes(Memory(self)?.available, unit: 1)
    case .availablePercent: percent(bytes(Memory(self)?.available, unit: 1))
    case .buffered: bytes(buffers)
    case .cached: cachedBytes
    case .free: bytes(free)
    case .inactive: bytes(inactive)
    case .shared: bytes(shared)
    case .total: bytes(total)
    case .used: usedBytes
    case .usedPercent: percent(usedBytes)
    }
  }

  private var cachedBytes: Double? {
    guard let cached = bytes(cached) else { return nil }
    return cached + (bytes(reclaimable) ?? 0)
  }

  // Around a container the parts may be the host's, and more than the whole.
  private var usedBytes: Double? {
    guard let total = bytes(total), let free = bytes(free), let buffers = bytes(buffers), let cachedBytes else { return nil }
    let used = total - free - buffers - cachedBytes
    return used >= 0 ? used : nil
  }

  private func percent(_ part: Double?) -> Double? {
    guard let part, let total = bytes(total), total > 0 else { return nil }
    return 100 * part / total
  }

  private func bytes(_ number: UInt64?, unit: Double = 1024) -> Double? { number.map { Double($0) * unit } }
}
