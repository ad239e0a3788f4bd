extension Plugins {
  /// What a small board needs and the CloudWatch agent does not have.
  static var board: [String: any Plugin.Type] {
    [
      "cgroup": ControlGroupPlugin.self, "flash": FlashPlugin.self, "pressure": PressurePlugin.self, "system": SystemPlugin.self,
      "temperature": TemperaturePlugin.self, "voltage": VoltagePlugin.self, "wireless": WirelessPlugin.self,
    ]
  }
}

/// How often devices are looked for that were not there before.
struct DeviceSearch {
  /// Nanoseconds.
  static let interval: Int64 = 60_000_000_000

  private var last: Int64?

  /// Whether it is time; if so, the next time is an interval later. Monotonic nanoseconds.
  mutating func isDue(at now: Int64) -> Bool {
    if let last, now - last < Self.interval { return false }
    last = now
    return true
  }
}
