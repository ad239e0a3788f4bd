#if os(Linux)
  import TestSupport
  import Testing
  import Unix

  @testable import MetricsCommand

  struct TemperatureSensorsTests {
    private func names(_ root: String) -> [String] { TemperatureSensors.find(root: root).flatMap(\.sensors).map(\.name) }

    @Test(
      "the recorded machines",
      arguments: [
        // Once: as a zone, not as the hwmon that the zone is registered as.
        ("raspberry-pi-4", ["cpu-thermal"]), ("raspberry-pi-5", ["cpu-thermal", "nvme Composite", "rp1_adc"]), ("virtual-machine", []),
        (
          "debian-server",
          [
            "acpitz", "x86_pkg_temp thermal_zone1", "x86_pkg_temp thermal_zone2", "nvme Composite nvme0", "nvme Sensor 1 nvme0",
            "nvme Composite nvme1", "nvme Sensor 1 nvme1", "coretemp Package id 0", "coretemp Core 0 coretemp.0", "coretemp Core 8",
            "coretemp Package id 1", "coretemp Core 0 coretemp.1", "jc42 3-0018", "jc42 3-001a", "tg3",
          ]
        ),
      ])
    func recorded(name: String, sensors: [String]) { #expect(names(RecordedMachine(name: name).root(.before)) == sensors) }

    @Test func aZoneOfAnOldKernelIsKnownByItsName() throws {
      let zone = "sys/class/thermal/thermal_zone0/", hwmon = "sys/class/hwmon/hwmon0/"
      let machine = try ScratchMachine([
        zone + "type": "cpu-thermal\n", zone + "temp": "1\n", hwmon + "name": "cpu_thermal\n", hwmon + "temp1_input": "1\n",
      ])
      #expect(names(machine.root) == ["cpu-thermal"])
      try machine.write(hwmon + "name", "other\n")
      #expect(names(machine.root) == ["cpu-thermal", "other"])
    }

    @Test func sensorsWithoutALabelAreNumbered() throws {
      let hwmon = "sys/class/hwmon/hwmon0/"
      let machine = try ScratchMachine([
        hwmon + "name": "lm75\n", hwmon + "temp1_input": "1\n", hwmon + "temp2_input": "1\n", hwmon + "temp2_label": "Board\n",
        hwmon + "temp10_input": "1\n", hwmon + "temp1_max": "1\n", hwmon + "fan1_input": "1\n",
      ])
      #expect(names(machine.root) == ["lm75 temp1", "lm75 Board", "lm75 temp10"])
    }

    @Test(
      arguments: [
        ("48199", 48.199), ("-5500", -5.5), ("0", 0), ("-274000", nil), ("2147483647", nil), ("", nil), ("hot", nil),
        ("9223372036854775808", nil),
      ] as [(String, Double?)])
    func parse(text: String, celsius: Double?) { #expect(parsed(text) { TemperatureSensors.parse($0) } == celsius) }
  }

  struct TemperatureReadersTests {
    private func device(_ name: String) -> TemperatureSensors.Device {
      TemperatureSensors.Device(identity: name, sensors: [TemperatureSensors.Sensor(name: name, path: name)])
    }

    private func sample(_ readers: TemperatureReaders) -> [String: Double] {
      var values: [String: Double] = [:]
      readers.read { values[$0] = $1 }
      return values
    }

    @Test func allSensorsAreReadInASample() throws {
      let hwmon = "sys/class/hwmon/hwmon0/"
      let machine = try ScratchMachine([
        hwmon + "name": "a\n", hwmon + "temp1_input": "21500\n", hwmon + "temp2_input": "\n", "sys/class/thermal/thermal_zone0/type": "b\n",
        "sys/class/thermal/thermal_zone0/temp": "-1000\n",
      ])
      let readers = try TemperatureReaders(patience: Self.long) { Issue.record("\($0)") }
      readers.setDevices(TemperatureSensors.find(root: machine.root))
      waitFor(["a temp1": 21.5, "b": -1], readers)
      try machine.write(hwmon + "temp1_input", "22000\n")
      waitFor(["a temp1": 22, "b": -1], readers)
    }

    // So that no sensor is slow, however busy the machine is.
    private static let long: Int64 = 600_000_000_000

    // On a busy machine even a quick sensor may take longer than a sample waits.
    private func waitFor(_ values: [String: Double], _ readers: TemperatureReaders) {
      while sample(readers) != values { usleep(1000) }
    }

    /// What sensors wait for that hang, until it is opened for good.
    private final class Gate: Sendable {
      private let ends: (readEnd: Int32, writeEnd: Int32)

      init() throws { ends = try Descriptor.pipe() }

      deinit { close(ends.readEnd) }

      func pass() {
        var byte: UInt8 = 0
        _ = read(ends.readEnd, &byte, 1)
      }

      /// To be called once.
      func open() { close(ends.writeEnd) }
    }

    @Test func aSampleDoesNotWaitForASensorThatHangs() throws {
      let gate = try Gate()
      let readers = try TemperatureReaders(
        patience: 5_000_000,
        read: { file in
          if file.path.hasPrefix("slow") { gate.pass() }
          return Double(file.path.utf8.count)
        }, warn: { Issue.record("\($0)") })
      // The one that hangs is read first, and holds up the only thread that there is so far.
      readers.setDevices(["slow", "a", "slower", "bb"].map(device))
      waitFor(["a": 1, "bb": 2], readers)
      for _ in 0..<20 { _ = sample(readers) }
      waitFor(["a": 1, "bb": 2], readers)
      gate.open()
      // What has been slow answers for an earlier sample, and is not asked again for a minute.
      waitFor(["slow": 4, "a": 1, "slower": 6, "bb": 2], readers)
    }

    @Test func aDeviceThatGoesIsForgotten() throws {
      let readers = try TemperatureReaders(patience: Self.long, read: { _ in 1 }, warn: { _ in })
      readers.setDevices([device("a"), device("b")])
      waitFor(["a": 1, "b": 1], readers)
      readers.setDevices([device("b")])
      waitFor(["b": 1], readers)
      readers.setDevices([])
      #expect(sample(readers) == [:])
    }

    @Test func aSensorThatTellsNothingIsLeftOutAlone() throws {
      let readers = try TemperatureReaders(patience: Self.long, read: { $0.path == "a" ? nil : 1 }, warn: { _ in })
      readers.setDevices([
        TemperatureSensors.Device(identity: "x", sensors: ["a", "b"].map { TemperatureSensors.Sensor(name: $0, path: $0) })
      ])
      waitFor(["b": 1], readers)
    }
  }
#endif
