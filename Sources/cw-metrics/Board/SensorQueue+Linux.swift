#if os(Linux)
  internal import Unix

  /// A device whose sensors are read by a thread. All but `files` is guarded by the queue's lock.
  final class SensorDevice: @unchecked Sendable {
    enum State {
      case idle, queued, reading
    }

    let description: TemperatureSensors.Device
    /// Used by the thread that reads the device, and by no other.
    let files: [SysFile]
    var state = State.idle
    /// The sample that waits for it; 0: none.
    var awaitingSample = 0
    /// When the reading began that is under way, and the last one that ended; monotonic nanoseconds.
    var startedAt: Int64 = 0
    var readAt: Int64?
    /// Whether that took longer than a sample may wait.
    var isSlow = false
    /// One a sensor; nil: it gave none.
    var values: [Double?]

    init(_ description: TemperatureSensors.Device) {
      self.description = description
      files = description.sensors.map { SysFile($0.path) }
      values = description.sensors.map { _ in nil }
    }
  }

  /// Devices that wait to be read, and the threads that read them. Each takes one at a time, so that one that hangs holds up its own thread.
  final class SensorQueue: @unchecked Sendable {
    private let read: @Sendable (SysFile) -> Double?
    private let patience: Int64
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    // A byte in the one wakes a thread; one in the other says that no device is awaited any more.
    private let work: (readEnd: Int32, writeEnd: Int32)
    private let answers: (readEnd: Int32, writeEnd: Int32)
    // Guarded by the lock.
    private var waiting: [SensorDevice] = []
    private var sample = 0
    private var awaited = 0
    private var idleThreads = 0

    /// - Parameters:
    ///   - read: finds out the temperature that a file tells; may take long.
    ///   - patience: nanoseconds after which a device is slow.
    /// - Throws: `SystemError` if there are no pipes to be had.
    init(read: @escaping @Sendable (SysFile) -> Double?, patience: Int64) throws {
      self.read = read
      self.patience = patience
      pthread_mutex_init(mutex, nil)
      work = try Descriptor.pipe()
      answers = try Descriptor.pipe(nonBlocking: true)
    }

    deinit {
      for descriptor in [work.readEnd, answers.readEnd, answers.writeEnd] { Unix.close(descriptor) }
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    func locked<Value>(_ body: () -> Value) -> Value {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return body()
    }

    /// Makes the threads end when they have nothing to do. To be called once, as the last.
    func close() { Unix.close(work.writeEnd) }

    /// Queues the devices, of which those that are not slow are awaited.
    /// - Returns: whether any is awaited.
    func add(_ devices: some Sequence<SensorDevice>) -> Bool {
      let (isAnyAdded, areAwaited) = locked {
        // What an earlier sample did not see the end of, none waits for.
        awaited = 0
        sample += 1
        let before = waiting.count
        for device in devices {
          device.state = .queued
          device.awaitingSample = device.isSlow ? 0 : sample
          awaited += device.isSlow ? 0 : 1
          waiting.append(device)
        }
        return (waiting.count > before, awaited > 0)
      }
      if isAnyAdded { wake() }
      return areAwaited
    }

    /// Gives up waiting for those of the devices that are being read just now.
    func giveUpOnThoseUnderWay(_ devices: [SensorDevice]) {
      locked { for device in devices where device.state == .reading { _ = giveUp(device) } }
    }

    // Returns whether it was the last one awaited.
    private func giveUp(_ device: SensorDevice) -> Bool {
      guard device.awaitingSample == sample, awaited > 0 else { return false }
      device.awaitingSample = 0
      awaited -= 1
      return awaited == 0
    }

    /// Whether devices wait to be read, and how many threads could do so.
    var state: (isWaiting: Bool, idleThreads: Int) { locked { (!waiting.isEmpty, idleThreads) } }

    /// Makes one more thread look for devices that wait.
    func wake() {
      var byte: UInt8 = 0
      _ = write(work.writeEnd, &byte, 1)
    }

    /// Waits until all awaited devices have been read, or until a moment by the monotonic clock.
    /// - Returns: whether all have been read.
    func wait(until deadline: Int64) -> Bool {
      while locked({ awaited > 0 }) {
        let left = deadline - Clock.monotonicNanoseconds()
        guard left > 0 else { return false }
        var question = pollfd(fd: answers.readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, Int32(clamping: (left + 999_999) / 1_000_000)) > 0 else { continue }
        var bytes: UInt64 = 0
        _ = Unix.read(answers.readEnd, &bytes, 8)
      }
      return true
    }

    /// The body of a thread: reads devices until the queue is closed.
    func serve() {
      var values: [Double?] = []
      var byte: UInt8 = 0
      locked { idleThreads += 1 }
      while true {
        while let device = take() {
          values.removeAll(keepingCapacity: true)
          for file in device.files { values.append(read(file)) }
          put(device, values)
        }
        let count = Unix.read(work.readEnd, &byte, 1)
        guard count > 0 || count < 0 && errno == EINTR else { return }
      }
    }

    private func take() -> SensorDevice? {
      locked {
        guard !waiting.isEmpty else { return nil }
        let device = waiting.removeFirst()
        idleThreads -= 1
        device.state = .reading
        device.startedAt = Clock.monotonicNanoseconds()
        return device
      }
    }

    private func put(_ device: SensorDevice, _ values: [Double?]) {
      let isLast = locked {
        let now = Clock.monotonicNanoseconds()
        for (index, value) in zip(device.values.indices, values) { device.values[index] = value }
        device.isSlow = now - device.startedAt > patience
        device.readAt = now
        device.state = .idle
        idleThreads += 1
        return giveUp(device)
      }
      var byte: UInt8 = 0
      if isLast { _ = write(answers.writeEnd, &byte, 1) }
    }
  }
#endif
