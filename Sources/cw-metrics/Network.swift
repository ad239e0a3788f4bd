internal import Unix

/// Receiving and sending of the machine's network interfaces.
enum Network {
  /// Parses `/proc/net/dev`: the counters of each interface, including the loopback, as `net_io_counters` of psutil
  /// 7.2.2 adds them up; nil if the file is not as in proc(5).
  static func parse(dev: UnsafeRawBufferPointer) -> [IOCounters]? {
    var lines = Lines(dev)
    for _ in 0..<headings { guard lines.next() != nil else { return nil } }
    var interfaces: [IOCounters] = []
    while let line = lines.next() {
      guard case (let device, var fields)? = split(line), let bytesIn = fields.number(), let packetsIn = fields.number() else { return nil }
      // errs, drop, fifo, frame, compressed, multicast
      for _ in 0..<6 { guard fields.number() != nil else { return nil } }
      guard let bytesOut = fields.number(), let packetsOut = fields.number() else { return nil }
      interfaces.append(
        IOCounters(
          device: Array(device), bytesIn: bytesIn, bytesOut: bytesOut, operationsIn: packetsIn, operationsOut: packetsOut))
    }
    return interfaces
  }

  /// Lines before the first interface.
  static let headings = 2

  /// Whether it has the headings of `/proc/net/dev`.
  static func isDev(_ text: UnsafeRawBufferPointer) -> Bool {
    var lines = Lines(text)
    return lines.next()?.firstIndex(of: UInt8(ascii: "|")) != nil && lines.next()?.firstIndex(of: UInt8(ascii: "|")) != nil
  }

  /// The name of an interface, and what stands behind it; nil if a line is not as in proc(5).
  static func split(_ line: UnsafeRawBufferPointer) -> (name: UnsafeRawBufferPointer, fields: FieldScanner)? {
    // The last colon: an alias has one in its name.
    guard let colon = line.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    var name = FieldScanner(line.part(0..<colon))
    return name.word().map { ($0, FieldScanner(line.part(colon + 1..<line.count))) }
  }
}
