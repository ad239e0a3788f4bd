internal import Config
internal import Unix

/// `cpu`: how the processors spend their time.
final class CPUPlugin: Plugin {
  /// A kind of time: its share of the time that passed, or all of it since the boot.
  struct Field: RawRepresentable, CaseIterable {
    let kind: CPU.Kind
    let isTotal: Bool

    static let allCases = [false, true].flatMap { isTotal in CPU.Kind.allCases.map { Field(kind: $0, isTotal: isTotal) } }

    var rawValue: String { (isTotal ? "time_" : "usage_") + kind.rawValue }
  }

  private struct Processor {
    var times: CPU.Times?
    /// Nil: not to be measured.
    let instance: PluginContext.Instance?
  }

  private let context: PluginContext
  private let file: ProcFile
  private let wanted: [PluginContext.Wanted<Field>]
  private let filter: ResourceFilter?
  private let ticks = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
  private var processors = DeviceTable<Processor>()
  private var last: Moment?

  init(_ context: PluginContext) {
    self.context = context
    file = context.file("/proc/stat")
    wanted = context.wanted()
    filter = context.settings.resources.map { ResourceFilter($0) }
  }

  func sample() {
    guard let text = context.read(file, parse: { $0.starts(with: "cpu") ? $0 : nil }) else { return }
    let seconds = last.map { context.now.seconds(since: $0) } ?? 0
    last = context.now
    processors.begin()
    var count = 0.0
    // The sum of all stands before them, and is told last, when their number is known.
    var all: CPU.Times?
    for line in Lines(text) {
      guard line.starts(with: "cpu") else { break }
      var fields = FieldScanner(line)
      guard let name = fields.word() else { continue }
      guard let times = CPU.Times(&fields) else {
        context.warnOnce("\(file.path) has a line that proc(5) does not describe, of \(name.text); it is left out")
        continue
      }
      if name.equals("cpu") {
        all = times
      } else {
        count += 1
        if filter != nil { take(name, times, seconds) }
      }
    }
    if let all, context.settings.totalcpu { take(Self.total, all, seconds * max(count, 1)) }
    processors.end()
  }

  private static var total: UnsafeRawBufferPointer {
    let name: StaticString = "cpu-total"
    return UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
  }

  /// - Parameter seconds: the time that it, or all of them together, can have spent.
  private func take(_ name: UnsafeRawBufferPointer, _ times: CPU.Times, _ seconds: Double) {
    processors.update(name, make: { Processor(instance: instance(name)) }) { processor in
      defer { processor.times = times }
      guard let instance = processor.instance else { return }
      let change = processor.times.flatMap { CPU.Change(from: $0, to: times, ticks: seconds * ticks) }
      for field in wanted {
        let kind = field.field.kind
        let value = field.field.isTotal ? times.spent(kind) / ticks : change?.percent(kind)
        if let value { context.write(value, field, instance) }
      }
    }
  }

  private func instance(_ name: UnsafeRawBufferPointer) -> PluginContext.Instance? {
    guard name.equals("cpu-total") || filter?.contains(name) == true else { return nil }
    return context.instance([("cpu", name.text)])
  }
}

extension CPUPlugin.Field {
  init?(rawValue: String) {
    guard let field = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = field
  }
}
