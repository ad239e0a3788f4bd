#if os(Linux)
  internal import Unix

  /// Reads temperature sensors without making a sample wait for one of them: a sensor on a one-wire bus takes three quarters of a second, a
  /// disk that has failed a minute.
  ///
  /// Threads read the devices; a sample waits for `patience` at most. A device that has taken longer is slow: it is read once in
  /// `slowInterval` and not waited for, and its last values count meanwhile. While a device holds up a thread, another one reads the rest.
  final class TemperatureReaders {
    /// Nanoseconds that a sample may wait.
    static let patience: Int64 = 25_000_000
    /// Nanoseconds between two readings of a slow device.
    static let slowInterval: Int64 = 60_000_000_000
    /// Nanoseconds after which a device is said not to answer.
    static let silence: Int64 = 10_000_000_000
    /// Each may be held up by a device.
    static let mostThreads = 16

    private let patience: Int64
    private let queue: SensorQueue
    private var threads: [ThreadedCall<Void>] = []
    private var devices: [SensorDevice] = []
    private var due: [SensorDevice] = []
    private var values: [Double?] = []
    private let warn: (String) -> Void
    private var warned: Set<String> = []

    /// - Parameters:
    ///   - patience: nanoseconds that a sample may wait, and in which a device must answer so as not to be slow.
    ///   - read: finds out the temperature that a file tells, in a thread; nil: it tells none.
    ///   - warn: called once for each device that does not answer.
    /// - Throws: `SystemError` if there are no pipes to be had.
    init(
      patience: Int64 = TemperatureReaders.patience,
      read: @escaping @Sendable (SysFile) -> Double? = { $0.read().flatMap(TemperatureSensors.parse) },
      warn: @escaping (String) -> Void
    ) throws {
      self.patience = patience
      queue = try SensorQueue(read: read, patience: patience)
      self.warn = warn
    }

    deinit { queue.close() }

    /// Says which devices there are from now on.
    func setDevices(_ found: [TemperatureSensors.Device]) {
      let known = devices
      devices = found.map { description in known.first { $0.description == description } ?? SensorDevice(description) }
    }

    /// Reads the devices and hands out the temperatures: degrees Celsius, each with the name of its sensor.
    func read(_ body: (String, Double) -> Void) {
      let start = Clock.monotonicNanoseconds()
      due.removeAll(keepingCapacity: true)
      queue.locked {
        for device in devices where device.state == .idle {
          if device.isSlow, let readAt = device.readAt, start - readAt < Self.slowInterval { continue }
          due.append(device)
        }
      }
      let isAwaited = queue.add(due)
      if threads.isEmpty || queue.state == (true, 0) { startThread() }
      if isAwaited, !queue.wait(until: start + patience), queue.state.isWaiting {
        // The device at which the others stand is one that they do not wait for.
        queue.giveUpOnThoseUnderWay(due)
        if queue.state.idleThreads > 0 { queue.wake() } else { startThread() }
        _ = queue.wait(until: start + 2 * patience)
      }
      let now = Clock.monotonicNanoseconds()
      for device in devices { report(device, from: start, to: now, body) }
    }

    private func startThread() {
      let queue = queue
      guard threads.count < Self.mostThreads, let thread = try? ThreadedCall({ queue.serve() }) else { return }
      threads.append(thread)
    }

    private func report(_ device: SensorDevice, from start: Int64, to now: Int64, _ body: (String, Double) -> Void) {
      values.removeAll(keepingCapacity: true)
      let isSilent = queue.locked {
        if let readAt = device.readAt, readAt >= start || device.isSlow && now - readAt < 2 * Self.slowInterval + Self.silence {
          values += device.values
        }
        return device.state == .reading && now - device.startedAt > Self.silence
      }
      if isSilent { warnOnce("the temperature sensor \(device.description.sensors[0].name) does not answer; it is left out until it does") }
      for (sensor, value) in zip(device.description.sensors, values) {
        if let value { body(sensor.name, value) }
      }
    }

    private func warnOnce(_ text: String) {
      if warned.insert(text).inserted { warn(text) }
    }
  }
#endif
