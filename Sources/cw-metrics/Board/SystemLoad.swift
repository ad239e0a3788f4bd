internal import Unix

/// For how long the machine has been running, and how busy it is by the oldest of measures.
enum SystemLoad {
  /// Parses `/proc/uptime`: seconds since the boot, suspension included; nil if it is not as in proc(5).
  static func parse(uptime: UnsafeRawBufferPointer) -> Double? {
    var fields = FieldScanner(uptime)
    return fields.word()?.decimalNumber
  }

  /// Tasks that run or wait for a processor or a disk, averaged over 1, 5 and 15 minutes.
  struct Averages: Equatable {
    var one: Double
    var five: Double
    var fifteen: Double
  }

  /// Parses `/proc/loadavg`; nil if it is not as in proc(5).
  static func parse(loadavg: UnsafeRawBufferPointer) -> Averages? {
    var fields = FieldScanner(loadavg)
    guard let one = fields.word()?.decimalNumber, let five = fields.word()?.decimalNumber, let fifteen = fields.word()?.decimalNumber
    else { return nil }
    return Averages(one: one, five: five, fifteen: fifteen)
  }
}
