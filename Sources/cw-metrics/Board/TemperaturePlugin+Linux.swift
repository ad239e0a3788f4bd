#if os(Linux)
  internal import Config
  internal import Unix

  /// `temperature`: what the sensors say.
  final class TemperaturePlugin: Plugin {
    enum Field: String, CaseIterable {
      case celsius
    }

    private let context: PluginContext
    private let wanted: [PluginContext.Wanted<Field>]
    private let filter: ResourceFilter
    private let readers: TemperatureReaders
    private var found: [TemperatureSensors.Device] = []
    private var instances: [String: PluginContext.Instance] = [:]
    private var search = DeviceSearch()

    init(_ context: PluginContext) throws {
      self.context = context
      wanted = context.wanted()
      filter = ResourceFilter(context.settings.resources)
      readers = try TemperatureReaders { [unowned context] in context.warnOnce($0) }
    }

    func sample() {
      if search.isDue(at: context.now.monotonic) { find() }
      readers.read { sensor, value in
        guard let instance = instances[sensor] else { return }
        for field in wanted { context.write(value, field, instance) }
      }
    }

    private func find() {
      let devices = TemperatureSensors.find(root: context.root).compactMap { device in
        let sensors = device.sensors.filter { sensor in Array(sensor.name.utf8).withUnsafeBytes { filter.contains($0) } }
        return sensors.isEmpty ? nil : TemperatureSensors.Device(identity: device.identity, sensors: sensors)
      }
      guard devices != found || devices.isEmpty else { return }
      found = devices
      readers.setDevices(devices)
      let names = Set(devices.flatMap(\.sensors).map(\.name))
      instances = instances.filter { names.contains($0.key) }
      for name in names where instances[name] == nil { instances[name] = context.instance([("sensor", name)]) }
      if devices.isEmpty {
        context.warnOnce("no temperature sensor is to be found in \(context.root)/sys/class/thermal and hwmon; temperature is left out")
      }
    }
  }
#endif
