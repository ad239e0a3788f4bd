#if os(Linux)
  internal import Unix

  /// The temperature sensors of the machine, by sysfs: all zones of the thermal subsystem, and of all hwmon devices those that are not a
  /// zone once more, as which the kernel registers most zones.
  enum TemperatureSensors {
    /// One device. Its sensors are read one after another, since they share a bus.
    struct Device: Equatable {
      /// What tells it from another of the same kind; the number of a `hwmon` changes from boot to boot, this mostly does not.
      var identity: String
      var sensors: [Sensor]
    }

    struct Sensor: Equatable {
      /// The value of the dimension.
      var name: String
      /// The file with thousandths of a degree Celsius.
      var path: String
    }

    static func find(root: String) -> [Device] {
      let zones = zones(root + "/sys/class/thermal")
      let zoneNames = Set(zones.flatMap(\.sensors).map { $0.name.map { $0 == "-" ? "_" : String($0) }.joined() })
      return named(zones + devices(root + "/sys/class/hwmon", zoneNames: zoneNames))
    }

    private static func zones(_ directory: String) -> [Device] {
      SysDirectory.names(directory, prefix: "thermal_zone").compactMap { zone in
        guard let type = SysDirectory.text("\(directory)/\(zone)/type") else { return nil }
        return Device(identity: zone, sensors: [Sensor(name: type, path: "\(directory)/\(zone)/temp")])
      }
    }

    private static func devices(_ directory: String, zoneNames: Set<String>) -> [Device] {
      SysDirectory.names(directory, prefix: "hwmon").compactMap { hwmon in
        let place = "\(directory)/\(hwmon)"
        guard let name = SysDirectory.text("\(place)/name") else { return nil }
        let link = SysDirectory.linkName("\(place)/device")
        // Old kernels register a zone without a link to it.
        if link?.hasPrefix("thermal_zone") ?? zoneNames.contains(name) { return nil }
        return Device(identity: link ?? hwmon, sensors: sensors(of: name, place))
      }
    }

    private static func sensors(of device: String, _ place: String) -> [Sensor] {
      let inputs = SysDirectory.names(place, prefix: "temp").filter { $0.hasSuffix("_input") }
      return inputs.map { input in
        let number = String(input.dropLast("_input".utf8.count))
        let label = SysDirectory.text("\(place)/\(number)_label") ?? (inputs.count > 1 ? number : nil)
        return Sensor(name: label.map { "\(device) \($0)" } ?? device, path: "\(place)/\(input)")
      }
    }

    // Equal names, as of two disks, get the device's identity behind them.
    private static func named(_ devices: [Device]) -> [Device] {
      var uses: [String: Int] = [:]
      for sensor in devices.flatMap(\.sensors) { uses[sensor.name, default: 0] += 1 }
      return devices.filter { !$0.sensors.isEmpty }.map { device in
        let sensors = device.sensors.map { sensor in
          uses[sensor.name] == 1 ? sensor : Sensor(name: "\(sensor.name) \(device.identity)", path: sensor.path)
        }
        return Device(identity: device.identity, sensors: sensors)
      }
    }

    /// Degrees Celsius, of the text of a sensor; nil if it is none that there can be: drivers say so by -274 °C and the like.
    static func parse(_ text: UnsafeRawBufferPointer) -> Double? {
      guard let value = text.wholeNumber, (-273_150...2_000_000).contains(value) else { return nil }
      return Double(value) / 1000
    }
  }
#endif
