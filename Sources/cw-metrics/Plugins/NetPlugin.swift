internal import Config
internal import Unix

/// `net`: what each network interface has moved since the last sample.
final class NetPlugin: Plugin {
  enum Field: String, CaseIterable {
    case bytesReceived = "bytes_recv"
    case bytesSent = "bytes_sent"
    case droppedIn = "drop_in"
    case droppedOut = "drop_out"
    case errorsIn = "err_in"
    case errorsOut = "err_out"
    case packetsReceived = "packets_recv"
    case packetsSent = "packets_sent"
  }

  private struct Interface {
    var counters: InterfaceCounters?
    /// Nil: not to be measured.
    let instance: PluginContext.Instance?
    /// What says whether it is up; nil: of no importance.
    let flags: ProcFile?
  }

  private let context: PluginContext
  private let file: ProcFile
  private let wanted: [PluginContext.Wanted<Field>]
  private let filter: ResourceFilter
  private var interfaces = DeviceTable<Interface>()

  init(_ context: PluginContext) {
    self.context = context
    file = context.file("/proc/net/dev")
    wanted = context.wanted()
    filter = ResourceFilter(context.settings.resources)
  }

  func sample() {
    guard let text = context.read(file, parse: { Network.isDev($0) ? $0 : nil }) else { return }
    interfaces.begin()
    var lines = Lines(text)
    for _ in 0..<Network.headings { _ = lines.next() }
    while let line = lines.next() {
      guard case (let name, var fields)? = Network.split(line), let counters = InterfaceCounters(&fields) else {
        context.warnOnce("\(file.path) has a line that proc(5) does not describe: \(line.text.printable); it is left out")
        continue
      }
      interfaces.update(name, make: { make(name) }) { interface in
        defer { interface.counters = counters }
        guard let instance = interface.instance, isUp(interface), let before = interface.counters,
          let change = counters.change(since: before)
        else { return }
        for field in wanted { context.write(Double(change.value(field.field)), field, instance) }
      }
    }
    interfaces.end()
  }

  private func make(_ name: UnsafeRawBufferPointer) -> Interface {
    if filter.isNamed {
      return Interface(instance: filter.contains(name) ? context.instance([("interface", name.text)]) : nil, flags: nil)
    }
    guard !name.equals("lo") else { return Interface(instance: nil, flags: nil) }
    let flags = access(context.root + "/sys/class/net", F_OK) == 0 ? ProcFile("\(context.root)/sys/class/net/\(name.text)/flags") : nil
    return Interface(instance: context.instance([("interface", name.text)]), flags: flags)
  }

  private func isUp(_ interface: Interface) -> Bool {
    guard let flags = interface.flags else { return true }
    guard let text = try? flags.read(), let bits = text.trimmed.hexadecimalNumber else { return false }
    // IFF_UP is 1, IFF_LOOPBACK 8.
    return bits & 9 == 1
  }
}

/// The counters of one interface in `/proc/net/dev`.
struct InterfaceCounters: Equatable {
  struct Direction: Equatable {
    var bytes: UInt64
    var packets: UInt64
    var errors: UInt64
    var dropped: UInt64
  }

  var received: Direction
  var sent: Direction

  /// The fields behind the name.
  init?(_ fields: inout FieldScanner) {
    guard let received = Direction(&fields) else { return nil }
    // fifo, frame, compressed, multicast
    for _ in 0..<4 { guard fields.number() != nil else { return nil } }
    guard let sent = Direction(&fields) else { return nil }
    self.received = received
    self.sent = sent
  }

  /// What moved; nil if a counter went backwards: it wrapped, or the interface is another one or was reset, and then what the others
  /// say is not known either.
  func change(since earlier: InterfaceCounters) -> InterfaceCounters? {
    guard let received = received.change(since: earlier.received), let sent = sent.change(since: earlier.sent) else { return nil }
    var change = self
    change.received = received
    change.sent = sent
    return change
  }

  func value(_ field: NetPlugin.Field) -> UInt64 {
    switch field {
    case .bytesReceived: received.bytes
    case .bytesSent: sent.bytes
    case .droppedIn: received.dropped
    case .droppedOut: sent.dropped
    case .errorsIn: received.errors
    case .errorsOut: sent.errors
    case .packetsReceived: received.packets
    case .packetsSent: sent.packets
    }
  }
}

extension InterfaceCounters.Direction {
  init?(_ fields: inout FieldScanner) {
    guard let bytes = fields.number(), let packets = fields.number(), let errors = fields.number(), let dropped = fields.number() else {
      return nil
    }
    self.init(bytes: bytes, packets: packets, errors: errors, dropped: dropped)
  }

  func change(since earlier: Self) -> Self? {
    guard bytes >= earlier.bytes, packets >= earlier.packets, errors >= earlier.errors, dropped >= earlier.dropped else { return nil }
    return Self(
      bytes: bytes - earlier.bytes, packets: packets - earlier.packets, errors: errors - earlier.errors, dropped: dropped - earlier.dropped)
  }
}
