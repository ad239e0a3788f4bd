#if os(Linux)
  import Config
  import FoundationEssentials
  import Testing
  import Unix

  @testable import MetricsCommand

  struct BoardPluginTests {
    private static let collected = """
      {"temperature":{"measurement":["celsius"]},\
      "voltage":{"measurement":["low","throttled","frequency_capped","soft_temperature_limit"]},\
      "pressure":{"measurement":["cpu_some","io_some","io_full","memory_some","memory_full","irq_full"]},\
      "system":{"measurement":["uptime","load1","load5","load15","read_only_file_systems"]},\
      "wireless":{"measurement":["link_quality","signal_minus_dbm","noise_minus_dbm"]},\
      "flash":{"measurement":["errors","written"]},\
      "cgroup":{"measurement":["cpu_throttled_percent","cpu_usage","cpu_used_percent","memory_limit","memory_usage",\
      "memory_used_percent","memory_working_set"]}}
      """

    // The files of a recorded machine that are no links.
    private func files(_ name: String, _ moment: RecordedMachine.Moment) throws -> [String: String] {
      let root = RecordedMachine(name: name).root(moment)
      var files: [String: String] = [:]
      for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
        if let bytes = try? TextFile.read("\(root)/\(path)") { files[path] = String(decoding: bytes, as: UTF8.self) }
      }
      return files
    }

    @Test(
      "what the recorded machines did in ten seconds",
      arguments: [
        (
          "raspberry-pi-4",
          [
            "temperature_celsius host=h sensor=cpu-thermal": 49.66, "voltage_low host=h": 1, "voltage_throttled host=h": 1,
            "voltage_frequency_capped host=h": 0, "voltage_soft_temperature_limit host=h": 0, "pressure_cpu_some host=h": 10,
            "pressure_io_some host=h": 50, "pressure_io_full host=h": 25, "pressure_memory_some host=h": 0,
            "pressure_memory_full host=h": 0,
            "system_uptime host=h": 41214.13, "system_load1 host=h": 0.61, "system_load5 host=h": 0.41, "system_load15 host=h": 0.32,
            "system_read_only_file_systems host=h": 1, "wireless_link_quality host=h interface=wlan0": 54,
            "wireless_signal_minus_dbm host=h interface=wlan0": 56, "flash_errors host=h device=mmcblk0p2": 0,
            "flash_written host=h device=mmcblk0p2": 83_163_803_648, "cgroup_cpu_usage host=h": 1,
          ]
        ),
        // Its Wi-Fi has lost the connection.
        (
          "raspberry-pi-5",
          [
            "temperature_celsius host=h sensor=cpu-thermal": 52.35, "temperature_celsius host=h sensor=nvme Composite": 39.85,
            "temperature_celsius host=h sensor=rp1_adc": 48.9, "voltage_low host=h": 0, "voltage_throttled host=h": 0,
            "voltage_frequency_capped host=h": 0, "voltage_soft_temperature_limit host=h": 0, "pressure_cpu_some host=h": 1,
            "pressure_io_some host=h": 0, "pressure_io_full host=h": 0, "pressure_memory_some host=h": 0, "pressure_memory_full host=h": 0,
            "system_uptime host=h": 912_054.12, "system_load1 host=h": 0.08, "system_load5 host=h": 0.02, "system_load15 host=h": 0.01,
            "system_read_only_file_systems host=h": 0, "flash_errors host=h device=nvme0n1p2": 0,
            "flash_written host=h device=nvme0n1p2": 421_933_178_880, "cgroup_cpu_usage host=h": 0.1,
          ]
        ),
        // The pressure of memory went backwards, that of disks is more than the time by our clock; ext4 has met an error.
        (
          "virtual-machine",
          [
            "pressure_cpu_some host=h": 20, "pressure_io_some host=h": 100, "pressure_io_full host=h": 0, "pressure_irq_full host=h": 5,
            "system_uptime host=h": 130.44, "system_load1 host=h": 1.32, "system_load5 host=h": 0.5, "system_load15 host=h": 0.18,
            "system_read_only_file_systems host=h": 1, "flash_errors host=h device=vda": 1,
            "flash_written host=h device=vda": 4_220_387_328,
            "cgroup_cpu_usage host=h": 1, "cgroup_memory_usage host=h": 16_809_984, "cgroup_memory_working_set host=h": 11_567_104,
          ]
        ),
        (
          "docker-container",
          [
            "system_read_only_file_systems host=h": 0, "cgroup_cpu_throttled_percent host=h": 20, "cgroup_cpu_usage host=h": 105,
            "cgroup_cpu_used_percent host=h": 70, "cgroup_memory_limit host=h": 536_870_912, "cgroup_memory_usage host=h": 318_767_104,
            "cgroup_memory_used_percent host=h": 41.796875, "cgroup_memory_working_set host=h": 224_395_264,
          ]
        ),
      ])
    func recorded(name: String, expected: [String: Double]) throws {
      let run = try PluginRun(Self.collected, try files(name, .before))
      _ = settled(run, at: 0)
      for (path, text) in try files(name, .after) { try run.machine.write(path, text) }
      expectEqual(settled(run, at: 10), expected)
    }

    // On a busy machine a sensor may miss a sample; then the same one is taken again.
    private func settled(_ run: PluginRun, at seconds: Double) -> [String: Double] {
      var last = run.sample(at: seconds)
      guard !last.keys.contains(where: { $0.hasPrefix("temperature") }), access(run.machine.root + "/sys/class/thermal", F_OK) == 0
      else { return last }
      for _ in 0..<1000 where !last.keys.contains(where: { $0.hasPrefix("temperature") }) {
        usleep(1000)
        last = run.sample(at: seconds)
      }
      return last
    }

    @Test func whatIsNotThereIsSaidOnce() throws {
      let run = try PluginRun(Self.collected)
      for seconds in 0..<3 { #expect(run.sample(at: Double(seconds) * 100) == [:]) }
      let root = run.machine.root
      let missing = SystemError.text(ENOENT)
      #expect(
        Set(run.warnings) == [
          "no temperature sensor is to be found in \(root)/sys/class/thermal and hwmon; temperature is left out",
          "\(root)/sys/class/hwmon has no rpi_volt, as a Raspberry Pi has; voltage_low is left out",
          "\(root)/sys/bus/platform/drivers/raspberrypi-firmware has no get_throttled, as Raspberry Pi OS has on its boards; what it tells is left out",
          "this kernel tells no pressure, for which it may need psi=1 in its command line; pressure metrics are left out",
          "cannot open \(root)/proc/uptime: \(missing); system metrics are left out",
          "cannot open \(root)/proc/loadavg: \(missing); system metrics are left out",
          "cannot open \(root)/proc/self/mountinfo: \(missing); system metrics are left out",
          "cannot open \(root)/proc/net/wireless: \(missing); wireless metrics are left out",
          "no device here tells flash_errors; it is left out", "no device here tells flash_written; it is left out",
          "this program is in no control group of version 2 that it can see; cgroup metrics are left out",
        ])
      #expect(run.warnings.count == 11)
    }

    // A pipe can be opened for writing without waiting only while another has it open for reading.
    @Test(arguments: [("low", false), ("throttled", true)])
    func theFirmwareIsAskedOnlyByWhoWantsToKnow(field: String, isAsked: Bool) throws {
      let firmware = "sys/bus/platform/drivers/raspberrypi-firmware/soc:firmware"
      let run = try PluginRun(
        #"{"voltage":{"measurement":["\#(field)"]}}"#,
        ["sys/class/hwmon/hwmon0/name": "rpi_volt\n", "sys/class/hwmon/hwmon0/in0_lcrit_alarm": "0\n"])
      run.machine.makeDirectory(firmware)
      let pipe = "\(run.machine.root)/\(firmware)/get_throttled"
      #expect(mkfifo(pipe, 0o600) == 0)
      defer { unlink(pipe) }
      #expect(run.sample(at: 0) == (isAsked ? [:] : ["voltage_low host=h": 0]))
      let descriptor = open(pipe, O_WRONLY | O_NONBLOCK)
      #expect((descriptor >= 0) == isAsked)
      if descriptor >= 0 { close(descriptor) }
    }

    @Test func resourcesNameSensorsInterfacesAndDevices() throws {
      let hwmon = "sys/class/hwmon/hwmon0/"
      let run = try PluginRun(
        #"{"flash":{"measurement":["errors","life_time_a","life_time_b","pre_eol"],"resources":["mmc*"]},"wireless":{"measurement":["link_quality"],"resources":["wlan1"]},"temperature":{"measurement":["celsius"],"resources":["*Tctl"]}}"#,
        [
          "sys/fs/ext4/mmcblk0p2/errors_count": "3\n", "sys/fs/ext4/sda1/errors_count": "4\n",
          "sys/block/mmcblk0/device/life_time": "0x02 0x00\n", "sys/block/mmcblk0/device/pre_eol_info": "0x01\n",
          "proc/net/wireless": "\n\n wlan0: 0000 1. -5. -256\n wlan1: 0000 2. -5. -256\n", hwmon + "name": "k10temp\n",
          hwmon + "temp1_input": "40000\n", hwmon + "temp1_label": "Tctl\n", hwmon + "temp3_input": "50000\n",
          hwmon + "temp3_label": "Tccd1\n",
        ])
      expectEqual(
        settled(run, at: 0),
        [
          "flash_errors host=h device=mmcblk0p2": 3, "flash_life_time_a host=h device=mmcblk0": 20,
          "flash_pre_eol host=h device=mmcblk0": 1,
          "wireless_link_quality host=h interface=wlan1": 2, "temperature_celsius host=h sensor=k10temp Tctl": 40,
        ])
      #expect(run.warnings == [])
    }

    @Test func deviceThatComesLaterIsFound() throws {
      let run = try PluginRun(#"{"flash":{"measurement":["written"]}}"#, ["sys/fs/f2fs/sda1/lifetime_write_kbytes": "1\n"])
      #expect(run.sample(at: 0) == ["flash_written host=h device=sda1": 1024])
      try run.machine.write("sys/fs/ext4/sdb1/lifetime_write_kbytes", "2\n")
      #expect(run.sample(at: 59) == ["flash_written host=h device=sda1": 1024])
      #expect(run.sample(at: 60) == ["flash_written host=h device=sda1": 1024, "flash_written host=h device=sdb1": 2048])
    }

    @Test func eachRowOfTheCatalogueHasACaseInItsPlugin() {
      func names<Field: CaseIterable & RawRepresentable>(_ type: Field.Type) -> Set<String> where Field.RawValue == String {
        Set(type.allCases.map(\.rawValue))
      }
      let fields = [
        "cgroup": names(ControlGroupPlugin.Field.self), "flash": names(FlashPlugin.Field.self),
        "pressure": names(PressurePlugin.Field.self),
        "system": names(SystemPlugin.Field.self), "temperature": names(TemperaturePlugin.Field.self),
        "voltage": names(VoltagePlugin.Field.self), "wireless": names(WirelessPlugin.Field.self),
      ]
      for (name, fields) in fields { #expect(PluginCatalogue.plugin(name).map { Set($0.fields.map(\.name)) } == fields, "\(name)") }
      #expect(Set(Plugins.board.keys) == Set(fields.keys))
    }
  }
#endif
