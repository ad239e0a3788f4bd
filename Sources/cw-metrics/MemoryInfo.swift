internal import Unix

/// The lines of `/proc/meminfo` that are used here, in kibibytes; nil where there is none.
struct MemoryInfo: Equatable {
  var total: UInt64?
  var free: UInt64?
  /// Since Linux 3.14.
  var available: UInt64?
  var buffers: UInt64?
  var cached: UInt64?
  var active: UInt64?
  var inactive: UInt64?
  var activeFile: UInt64?
  var inactiveFile: UInt64?
  var shared: UInt64?
  var reclaimable: UInt64?
  var swapTotal: UInt64?
  var swapFree: UInt64?

  /// Nil if there is neither memory nor a word of it.
  static func parse(meminfo: UnsafeRawBufferPointer) -> MemoryInfo? {
    var info = MemoryInfo()
    for line in Lines(meminfo) {
      var scanner = FieldScanner(line)
      guard let key = scanner.word() else { continue }
      switch key {
      case "MemTotal:": info.total = scanner.number()
      case "MemFree:": info.free = scanner.number()
      case "MemAvailable:": info.available = scanner.number()
      case "Buffers:": info.buffers = scanner.number()
      case "Cached:": info.cached = scanner.number()
      case "Active:": info.active = scanner.number()
      case "Inactive:": info.inactive = scanner.number()
      case "Active(file):": info.activeFile = scanner.number()
      case "Inactive(file):": info.inactiveFile = scanner.number()
      case "SwapTotal:": info.swapTotal = scanner.number()
      case "SwapFree:": info.swapFree = scanner.number()
      case "Shmem:": info.shared = scanner.number()
      case "SReclaimable:":
        info.reclaimable = scanner.number()
        // In the kernel's order, which has been the same since 2.6.19, nothing that is used comes behind it.
        if info.total != nil, info.swapTotal != nil, info.shared != nil { return info }
      default: break
      }
    }
    return info.total == nil ? nil : info
  }
}
