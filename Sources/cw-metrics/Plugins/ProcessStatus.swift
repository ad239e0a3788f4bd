internal import Unix

/// The lines of `/proc/N/status` that are used here (proc_pid_status(5)); nil where there is none, as of a thread of the kernel.
struct ProcessStatus: Equatable {
  // Kibibytes.
  var addressSpace: UInt64?
  var resident: UInt64?
  var data: UInt64?
  var stack: UInt64?
  var locked: UInt64?
  var swap: UInt64?

  var threads: UInt64?
  var pendingSignals: UInt64?
  var voluntarySwitches: UInt64?
  var involuntarySwitches: UInt64?

  init(_ text: UnsafeRawBufferPointer) {
    for line in Lines(text) {
      var fields = FieldScanner(line)
      guard let key = fields.word() else { continue }
      switch key {
      case "VmSize:": addressSpace = fields.number()
      case "VmRSS:": resident = fields.number()
      case "VmData:": data = fields.number()
      case "VmStk:": stack = fields.number()
      case "VmLck:": locked = fields.number()
      case "VmSwap:": swap = fields.number()
      case "Threads:": threads = fields.number()
      // Queued, and the limit: 3/12345.
      case "SigQ:": pendingSignals = fields.word().flatMap { word in UInt64(word.text.prefix { $0 != "/" }) }
      case "voluntary_ctxt_switches:": voluntarySwitches = fields.number()
      case "nonvoluntary_ctxt_switches:": involuntarySwitches = fields.number()
      default: break
      }
    }
  }
}

/// `/proc/N/io`; nil where there is no such line.
struct ProcessIO: Equatable {
  var reads: UInt64?
  var writes: UInt64?
  var bytesRead: UInt64?
  var bytesWritten: UInt64?

  init(_ text: UnsafeRawBufferPointer) {
    for line in Lines(text) {
      var fields = FieldScanner(line)
      guard let key = fields.word() else { continue }
      switch key {
      case "syscr:": reads = fields.number()
      case "syscw:": writes = fields.number()
      case "read_bytes:": bytesRead = fields.number()
      case "write_bytes:": bytesWritten = fields.number()
      default: break
      }
    }
  }
}

/// A line of `/proc/N/limits`.
struct ProcessLimit: Equatable {
  /// Nil: unlimited.
  var soft: UInt64?
  var hard: UInt64?

  /// Nil if there is no such line.
  /// - Parameter name: as it stands there, such as `Max open files`.
  init?(_ name: StaticString, in text: UnsafeRawBufferPointer) {
    let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    for line in Lines(text) where line.count > name.count && line.part(0..<name.count).equals(name) {
      var fields = FieldScanner(line.part(name.count..<line.count))
      (soft, hard) = (fields.number(), fields.number())
      return
    }
    return nil
  }
}
