internal import Unix
@testable internal import MetricsCommand

/// What the kernel's files say of a small board, and a message of D-Bus: each parser makes of it something that can be, or nothing.
func fuzzBoardText(_ input: Bytes) {
  if let pressure = Pressure.parse(input) {
    let percent = Pressure.percent(from: 0, to: pressure.some, nanoseconds: 1_000_000_000)
    hold((0...100).contains(percent ?? 0), "a share is one")
  }
  hold((SystemLoad.parse(uptime: input) ?? 0) >= 0, "no time runs backwards")
  if let load = SystemLoad.parse(loadavg: input) { hold(load.one >= 0 && load.one.isFinite, "a load is a number") }
  _ = Wireless.parse(input) { name, wireless in
    hold(!name.isEmpty, "an interface has a name")
    for value in [wireless.linkQuality, wireless.noise, wireless.signal] { hold((value ?? 0) >= 0, "a magnitude is not negative") }
  }
  if let life = FlashWear.parse(lifeTime: input) { hold((life.a ?? 10) >= 10 && (life.b ?? 110) <= 110, "a life has its steps") }
  _ = (FlashWear.parse(preEndOfLife: input), FlashWear.parse(lifetimeWriteKilobytes: input), Throttling.parse(input))
  hold((TemperatureSensors.parse(input) ?? 0) >= -273.15, "nothing is colder than cold")

  let intended = ReadOnlyFileSystems.parse(fstab: input)
  let all = ReadOnlyFileSystems.parse(mountinfo: input, intended: [])
  let unexpected = ReadOnlyFileSystems.parse(mountinfo: input, intended: intended)
  hold((unexpected?.count ?? 0) <= (all?.count ?? 0), "what is intended takes away only")

  if let path = ControlGroup.parse(cgroup: input) { hold(path.hasPrefix("/") && !path.contains("/../"), "a group lies below the root") }
  let limit = ControlGroup.parse(cpuMax: input)
  let group = ControlGroup(
    memoryUsage: ControlGroup.parse(number: input), inactiveFile: ControlGroup.number("inactive_file", in: input),
    memoryLimit: ControlGroup.parse(number: input), cpuTime: ControlGroup.number("usage_usec", in: input), cpuLimit: limit,
    periods: ControlGroup.number("nr_periods", in: input), throttledPeriods: ControlGroup.number("nr_throttled", in: input))
  _ = (group.memoryUtilization, group.cpuUtilization(since: ControlGroup(cpuTime: 0, periods: 0, throttledPeriods: 0), nanoseconds: 1))
  _ = group.cpuThrottled(since: ControlGroup(cpuTime: 0, periods: 0, throttledPeriods: 0))

  switch DBusMessage.parse(input) {
  case .incomplete: hold(input.count < DBusMessage.limit, "what is incomplete can still fit")
  case .invalid: break
  case .message(_, let size):
    hold((16...input.count).contains(size), "a message lies in its bytes")
  }
}
