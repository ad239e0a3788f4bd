internal import Unix

/// What a plugin takes from `/proc/meminfo`.
protocol MemoryInfoField: RawRepresentable where RawValue == String {
  /// Nil where the kernel says nothing, or something that cannot be.
  func value(in memory: MemoryInfo) -> Double?
}

/// Measures what one reading of `/proc/meminfo` tells.
final class MemoryInfoPlugin<Field: MemoryInfoField>: Plugin {
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
      if let value = field.field.value(in: memory) { context.write(value, field, machine) }
    }
  }
}
