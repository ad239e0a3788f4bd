internal import Unix

/// `pressure`: how much of the time tasks waited for a resource.
final class PressurePlugin: Plugin {
  enum Field: String, CaseIterable {
    case cpuSome = "cpu_some"
    case ioFull = "io_full"
    case ioSome = "io_some"
    case irqFull = "irq_full"
    case memoryFull = "memory_full"
    case memorySome = "memory_some"

    fileprivate var resource: String {
      switch self {
      case .cpuSome: "cpu"
      case .ioFull, .ioSome: "io"
      case .irqFull: "irq"
      case .memoryFull, .memorySome: "memory"
      }
    }

    fileprivate var total: KeyPath<Pressure, UInt64?> {
      switch self {
      case .cpuSome, .ioSome, .memorySome: \.some
      case .ioFull, .irqFull, .memoryFull: \.full
      }
    }
  }

  private struct Measured {
    let field: PluginContext.Wanted<Field>
    let file: ProcFile
    let total: KeyPath<Pressure, UInt64?>
    var last: UInt64?
  }

  private let context: PluginContext
  private let machine: PluginContext.Instance
  private var measured: [Measured] = []
  private var last: Moment?

  init(_ context: PluginContext) {
    self.context = context
    machine = context.instance()
    // As Raspberry Pi OS and others start it.
    guard access(context.root + "/proc/pressure", F_OK) == 0 else {
      context.warnOnce(
        "this kernel tells no pressure, for which it may need psi=1 in its command line; pressure metrics are left out")
      return
    }
    for field in context.wanted(Field.self) {
      measured.append(
        Measured(field: field, file: context.file("/proc/pressure/\(field.field.resource)"), total: field.field.total))
    }
  }

  func sample() {
    let nanoseconds = last.map { context.now.monotonic - $0.monotonic } ?? 0
    last = context.now
    for index in measured.indices {
      let total = context.read(measured[index].file, parse: { Pressure.parse($0) })?[keyPath: measured[index].total]
      if let percent = Pressure.percent(from: measured[index].last, to: total, nanoseconds: nanoseconds) {
        context.write(percent, measured[index].field, machine)
      }
      measured[index].last = total
    }
  }
}
