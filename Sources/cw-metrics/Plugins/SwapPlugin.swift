internal import Unix

/// `swap`: the space for memory that is swapped out.
final class SwapPlugin: Plugin {
  enum Field: String, CaseIterable {
    case free
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
  /// Nil where the kernel has no swap built in, or says that more is free than there is.
  func value(_ field: SwapPlugin.Field) -> Double? {
    guard let swapTotal, let swapFree, swapFree <= swapTotal else { return nil }
    let used = Double(swapTotal - swapFree)
    return switch field {
    case .free: Double(swapFree) * 1024
    case .used: used * 1024
    case .usedPercent: swapTotal > 0 ? 100 * used / Double(swapTotal) : 0
    }
  }
}
