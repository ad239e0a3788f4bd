internal import Unix

/// Receiving and sending of the machine's network interfaces.
enum Network {
  /// Parses `/proc/net/dev`: appends the counters of each interface, including the loopback, as `net_io_counters` of psutil
  /// 7.2.2 adds them up. A line that is not as in proc(5) costs its own interface alone.
  ///
  /// - Parameter devices: those of the last reading.
  /// - Returns: whether the file is as in proc(5).
  static func parse(
    dev: UnsafeRawBufferPointer, devices: inout DeviceTable<KnownDevice>, into interfaces: inout [IOCounters]
  ) -> Bool {
    var lines = Lines(dev)
    for _ in 0..<headings { guard lines.next() != nil else { return false } }
    var (right, wrong) = (0, 0)
    devices.begin()
    while let line = lines.next() {
      guard case (let name, var fields)? = split(line), let counters = InterfaceCounters(&fields) else {
        wrong += 1
        continue
      }
      right += 1
      var device = KnownDevice(name: [], isMeasured: false)
      devices.update(name, make: { KnownDevice(name: Array(name), isMeasured: true) }) { device = $0 }
      let (received, sent) = (counters.received, counters.sent)
      interfaces.append(
        IOCounters(
          device: device.name, bytesIn: received.bytes, bytesOut: sent.bytes, operationsIn: received.packets,
          operationsOut: sent.packets))
    }
    devices.end()
    return wrong == 0 || right > 0
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
