#if os(Linux)
  internal import Unix

  /// `voltage`: whether a Raspberry Pi has enough of it, and what its firmware does about it.
  final class VoltagePlugin: Plugin {
    enum Field: String, CaseIterable {
      case frequencyCapped = "frequency_capped"
      case low
      case softTemperatureLimit = "soft_temperature_limit"
      case throttled
    }

    private let context: PluginContext
    private let wanted: [PluginContext.Wanted<Field>]
    private let machine: PluginContext.Instance
    private let wantsAlarm: Bool
    private let wantsThrottling: Bool
    private var alarm: SysFile?
    private var throttling: SysFile?
    private var search = DeviceSearch()

    init(_ context: PluginContext) {
      self.context = context
      wanted = context.wanted()
      machine = context.instance()
      wantsAlarm = wanted.contains { $0.field == .low }
      // The first to read it makes the kernel write a warning with a stack trace: so only who asks for it does.
      wantsThrottling = wanted.contains { $0.field != .low }
    }

    func sample() {
      if search.isDue(at: context.now.monotonic) { find() }
      let isLow = wantsAlarm ? readAlarm() : nil
      let state = wantsThrottling ? throttling?.read().flatMap { Throttling.parse($0) } : nil
      for field in wanted {
        let isSet: Bool? =
          switch field.field {
          case .low: isLow
          case .frequencyCapped: state?.frequencyIsCapped
          case .softTemperatureLimit: state?.isAtSoftTemperatureLimit
          case .throttled: state?.isThrottled
          }
        if let isSet { context.write(isSet ? 1 : 0, field, machine) }
      }
    }

    // The driver's poll clears the alarm after two seconds, and announces that: what has come and gone since the last sample counts.
    private func readAlarm() -> Bool? {
      guard let alarm else { return nil }
      let hasChanged = alarm.wasAnnounced
      guard let value = alarm.read()?.wholeNumber else {
        self.alarm = nil
        return nil
      }
      return value != 0 || hasChanged
    }

    private func find() {
      if wantsAlarm, alarm == nil {
        let hwmon = context.root + "/sys/class/hwmon"
        let name = SysDirectory.names(hwmon, prefix: "hwmon").first { SysDirectory.text("\(hwmon)/\($0)/name") == "rpi_volt" }
        alarm = name.map { SysFile("\(hwmon)/\($0)/in0_lcrit_alarm") }
        if alarm == nil { context.warnOnce("\(hwmon) has no rpi_volt, as a Raspberry Pi has; voltage_low is left out") }
      }
      if wantsThrottling, throttling == nil {
        // The device has another name on each model.
        let driver = context.root + "/sys/bus/platform/drivers/raspberrypi-firmware"
        let paths = SysDirectory.names(driver).map { "\(driver)/\($0)/get_throttled" }
        throttling = paths.first { access($0, R_OK) == 0 }.map { SysFile($0) }
        if throttling == nil {
          context.warnOnce("\(driver) has no get_throttled, as Raspberry Pi OS has on its boards; what it tells is left out")
        }
      }
    }
  }
#endif
