internal import Config
internal import Unix

/// `wireless`: how well wireless interfaces are connected.
final class WirelessPlugin: Plugin {
  enum Field: String, CaseIterable {
    case linkQuality = "link_quality"
    case noise = "noise_minus_dbm"
    case signal = "signal_minus_dbm"
  }

  private let context: PluginContext
  private let file: ProcFile
  private let wanted: [PluginContext.Wanted<Field>]
  private let filter: ResourceFilter
  private var interfaces = DeviceTable<PluginContext.Instance?>()

  init(_ context: PluginContext) {
    self.context = context
    file = context.file("/proc/net/wireless")
    wanted = context.wanted()
    filter = ResourceFilter(context.settings.resources)
  }

  func sample() {
    interfaces.begin()
    _ = context.read(file) { Wireless.parse($0, take) ? true : nil }
    interfaces.end()
  }

  private func take(_ name: UnsafeRawBufferPointer, _ wireless: Wireless) {
    interfaces.update(name, make: { filter.contains(name) ? context.instance([("interface", name.text)]) : nil }) { instance in
      guard let instance else { return }
      for field in wanted {
        if let value = wireless.value(field.field) { context.write(value, field, instance) }
      }
    }
  }
}

extension Wireless {
  fileprivate func value(_ field: WirelessPlugin.Field) -> Double? {
    switch field {
    case .linkQuality: linkQuality
    case .noise: noise
    case .signal: signal
    }
  }
}
