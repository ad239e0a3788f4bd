internal import Config
internal import Unix

/// `diskio`: what each block device, partitions and volumes as well, has done since the last sample.
final class DiskIOPlugin: Plugin {
  enum Field: String, CaseIterable {
    case reads
    case readBytes = "read_bytes"
    case readTime = "read_time"
    case writes
    case writeBytes = "write_bytes"
    case writeTime = "write_time"
    case ioTime = "io_time"
    case iopsInProgress = "iops_in_progress"
  }

  private struct Device {
    var counters: DiskCounters?
    /// Nil: not to be measured.
    let instance: PluginContext.Instance?
  }

  private let context: PluginContext
  private let file: ProcFile
  private let wanted: [PluginContext.Wanted<Field>]
  private let filter: ResourceFilter
  private var devices = DeviceTable<Device>()
  private var last: Moment?

  init(_ context: PluginContext) {
    self.context = context
    file = context.file("/proc/diskstats")
    wanted = context.wanted()
    filter = ResourceFilter(context.settings.resources)
  }

  func sample() {
    guard let text = context.read(file, parse: { $0 }) else { return }
    let seconds = last.map { context.now.seconds(since: $0) } ?? 0
    last = context.now
    devices.begin()
    for line in Lines(text) {
      var fields = FieldScanner(line)
      guard fields.number() != nil, fields.number() != nil, let name = fields.word(), let counters = DiskCounters(&fields) else {
        context.warnOnce("\(file.path) has a line that proc(5) does not describe: \(line.text.printable); it is left out")
        continue
      }
      // Loop devices that were never used, and the like.
      if counters.isZero { continue }
      devices.update(name, make: { make(name) }) { device in
        defer { device.counters = counters }
        guard let instance = device.instance else { return }
        let change = device.counters.flatMap { counters.change(since: $0, seconds: seconds) }
        for field in wanted {
          let value = field.field == .iopsInProgress ? counters.inProgress : change?.value(field.field)
          if let value { context.write(Double(value), field, instance) }
        }
      }
    }
    devices.end()
  }

  private func make(_ name: UnsafeRawBufferPointer) -> Device {
    Device(instance: filter.contains(name) ? context.instance([("name", name.text)]) : nil)
  }
}

/// The counters of one device in `/proc/diskstats`.
struct DiskCounters: Equatable {
  struct Direction: Equatable {
    var operations: UInt64
    var sectors: UInt64
    var milliseconds: UInt64
  }

  var reading: Direction
  var writing: Direction
  var inProgress: UInt64
  var busyMilliseconds: UInt64

  /// What a device did between two readings.
  struct Change: Equatable {
    var reads: UInt64
    var sectorsRead: UInt64
    /// Nil where the kernel's 32 bits wrapped: it may be any number of times 49.7 days.
    var readTime: UInt64?
    var writes: UInt64
    var sectorsWritten: UInt64
    var writeTime: UInt64?
    var ioTime: UInt64

    func value(_ field: DiskIOPlugin.Field) -> UInt64? {
      switch field {
      case .reads: reads
      case .readBytes: bytes(sectorsRead)
      case .readTime: readTime
      case .writes: writes
      case .writeBytes: bytes(sectorsWritten)
      case .writeTime: writeTime
      case .ioTime: ioTime
      case .iopsInProgress: nil
      }
    }

    private func bytes(_ sectors: UInt64) -> UInt64? {
      let (bytes, overflow) = sectors.multipliedReportingOverflow(by: Disk.sectorSize)
      return overflow ? nil : bytes
    }
  }

  /// The fields behind the name: those that Linux has had since 2.6.25; further ones are stepped over.
  init?(_ fields: inout FieldScanner) {
    guard let reading = Direction(&fields), let writing = Direction(&fields), let inProgress = fields.number(),
      let busyMilliseconds = fields.number()
    else { return nil }
    (self.reading, self.writing, self.inProgress, self.busyMilliseconds) = (reading, writing, inProgress, busyMilliseconds)
  }

  var isZero: Bool {
    let none = Direction(operations: 0, sectors: 0, milliseconds: 0)
    return reading == none && writing == none && inProgress == 0 && busyMilliseconds == 0
  }

  /// Nil if the device began anew: a counter of operations or sectors went backwards, or the busy time did and is not the 32 bits of the
  /// kernel's milliseconds that wrapped. That wrap is made good, since a device cannot be busy for longer than the time that passed.
  /// - Parameter seconds: how much passed.
  func change(since earlier: DiskCounters, seconds: Double) -> Change? {
    guard reading.operations >= earlier.reading.operations, reading.sectors >= earlier.reading.sectors,
      writing.operations >= earlier.writing.operations, writing.sectors >= earlier.writing.sectors,
      let ioTime = Self.moved(from: earlier.busyMilliseconds, to: busyMilliseconds, atMost: 1000 * seconds + 1000)
    else { return nil }
    func time(_ direction: KeyPath<DiskCounters, Direction>) -> UInt64? {
      let (from, to) = (earlier[keyPath: direction].milliseconds, self[keyPath: direction].milliseconds)
      return to >= from ? to - from : nil
    }
    return Change(
      reads: reading.operations - earlier.reading.operations, sectorsRead: reading.sectors - earlier.reading.sectors,
      readTime: time(\.reading), writes: writing.operations - earlier.writing.operations,
      sectorsWritten: writing.sectors - earlier.writing.sectors, writeTime: time(\.writing), ioTime: ioTime)
  }

  private static func moved(from earlier: UInt64, to later: UInt64, atMost limit: Double) -> UInt64? {
    if later >= earlier { return later - earlier }
    guard earlier < 1 << 32 else { return nil }
    let wrapped = later + (1 << 32) - earlier
    return Double(wrapped) <= limit ? wrapped : nil
  }
}

extension DiskCounters.Direction {
  init?(_ fields: inout FieldScanner) {
    guard let operations = fields.number(), fields.number() != nil, let sectors = fields.number(), let milliseconds = fields.number() else {
      return nil
    }
    self.init(operations: operations, sectors: sectors, milliseconds: milliseconds)
  }
}
