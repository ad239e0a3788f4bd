#if os(Linux)
  internal import Config
  internal import Unix

  /// `flash`: how worn memory cards and eMMC are, and what their file systems have seen.
  final class FlashPlugin: Plugin {
    enum Field: String, CaseIterable {
      case errors
      case lifeTimeA = "life_time_a"
      case lifeTimeB = "life_time_b"
      case preEndOfLife = "pre_eol"
      case written

      /// The attribute that tells, and in what directories a device has it.
      fileprivate var attribute: (name: String, directories: [String]) {
        switch self {
        case .errors: ("errors_count", ["/sys/fs/ext4"])
        case .lifeTimeA, .lifeTimeB: ("device/life_time", ["/sys/block"])
        case .preEndOfLife: ("device/pre_eol_info", ["/sys/block"])
        case .written: ("lifetime_write_kbytes", ["/sys/fs/ext4", "/sys/fs/f2fs"])
        }
      }

      fileprivate func value(_ text: UnsafeRawBufferPointer) -> Double? {
        switch self {
        case .errors: FlashWear.parse(count: text)
        case .lifeTimeA: FlashWear.parse(lifeTime: text)?.a
        case .lifeTimeB: FlashWear.parse(lifeTime: text)?.b
        case .preEndOfLife: FlashWear.parse(preEndOfLife: text)
        case .written: FlashWear.parse(lifetimeWriteKilobytes: text)
        }
      }
    }

    private struct Measured {
      let field: PluginContext.Wanted<Field>
      let file: SysFile
      let instance: PluginContext.Instance
    }

    private let context: PluginContext
    private let wanted: [PluginContext.Wanted<Field>]
    private let filter: ResourceFilter
    private var measured: [Measured] = []
    private var search = DeviceSearch()

    init(_ context: PluginContext) {
      self.context = context
      wanted = context.wanted()
      filter = ResourceFilter(context.settings.resources)
    }

    func sample() {
      if search.isDue(at: context.now.monotonic) { find() }
      for one in measured {
        if let value = one.file.read().flatMap(one.field.field.value) { context.write(value, one.field, one.instance) }
      }
    }

    private func find() {
      let known = measured
      var instances: [String: PluginContext.Instance] = [:]
      measured = []
      for field in wanted {
        let attribute = field.field.attribute
        for directory in attribute.directories {
          for device in SysDirectory.names(context.root + directory) {
            let path = "\(context.root)\(directory)/\(device)/\(attribute.name)"
            guard access(path, R_OK) == 0, FileName.bytes(device).withUnsafeBytes({ filter.contains($0) }) else { continue }
            let before = known.first { $0.file.path == path && $0.field.field == field.field }
            let instance = instances[device] ?? before?.instance ?? context.instance([("device", device)])
            instances[device] = instance
            measured.append(Measured(field: field, file: before?.file ?? SysFile(path), instance: instance))
          }
        }
        if !measured.contains(where: { $0.field.field == field.field }) {
          context.warnOnce("no device here tells flash_\(field.field.rawValue); it is left out")
        }
      }
    }
  }
#endif
