internal import Unix

/// `netstat`: how many sockets there are, by their state.
final class NetstatPlugin: Plugin {
  enum Field: String, CaseIterable {
    case close = "tcp_close"
    case closeWait = "tcp_close_wait"
    case closing = "tcp_closing"
    case established = "tcp_established"
    case finWait1 = "tcp_fin_wait1"
    case finWait2 = "tcp_fin_wait2"
    case lastAck = "tcp_last_ack"
    case listen = "tcp_listen"
    case none = "tcp_none"
    case synReceived = "tcp_syn_recv"
    case synSent = "tcp_syn_sent"
    case timeWait = "tcp_time_wait"
    case udp = "udp_socket"
  }

  private let context: PluginContext
  private let files: [(file: ProcFile, family: SocketCounts.Family)]
  private let wanted: [PluginContext.Wanted<Field>]
  private let machine: PluginContext.Instance
  private var counts = SocketCounts()

  init(_ context: PluginContext) {
    self.context = context
    wanted = context.wanted()
    machine = context.instance()
    // No file is read whose sockets nobody asks for.
    let needed = Set(wanted.map(\.field).flatMap(SocketCounts.Family.counting))
    files = SocketCounts.Family.allCases.filter(needed.contains).flatMap { family in
      // A kernel without IPv6 has no file for it.
      let names = family.files.filter { !$0.hasSuffix("6") || access("\(context.root)/proc/net/\($0)", F_OK) == 0 }
      return names.map { (context.file("/proc/net/\($0)", hasShortLines: true), family) }
    }
  }

  func sample() {
    counts.removeAll()
    for (file, family) in files {
      guard let text = context.read(file, parse: { $0 }) else { return }
      counts.add(text, family)
    }
    for field in wanted { context.write(Double(counts[field.field]), field, machine) }
  }
}

/// Sockets as the CloudWatch agent counts them: those of equal kind, addresses and state once, Unix sockets among them.
struct SocketCounts {
  enum Family: CaseIterable {
    case tcp, udp, unix

    var files: [String] {
      switch self {
      case .tcp: ["tcp", "tcp6"]
      case .udp: ["udp", "udp6"]
      case .unix: ["unix"]
      }
    }

    /// Whose sockets a field counts.
    static func counting(_ field: NetstatPlugin.Field) -> [Family] {
      switch field {
      case .none: [.unix]
      case .udp: [.udp, .unix]
      default: [.tcp]
      }
    }
  }

  // By the number of a state in the kernel's tcp_states.h.
  private var states = [Int](repeating: 0, count: 16)
  private var others = 0
  private var datagrams = 0
  // Hashes of those that were counted: a false one among a million sockets comes once in forty million samples.
  private var seen: Set<UInt64> = []

  /// Keeps the memory.
  mutating func removeAll() {
    for index in states.indices { states[index] = 0 }
    others = 0
    datagrams = 0
    seen.removeAll(keepingCapacity: true)
  }

  subscript(field: NetstatPlugin.Field) -> Int {
    switch field {
    case .established: states[1]
    case .synSent: states[2]
    case .synReceived: states[3]
    case .finWait1: states[4]
    case .finWait2: states[5]
    case .timeWait: states[6]
    case .close: states[7]
    case .closeWait: states[8]
    case .lastAck: states[9]
    case .listen: states[10]
    case .closing: states[11]
    case .none: others
    case .udp: datagrams
    }
  }

  /// Adds the sockets of a file; what is no socket is passed over, as the heading.
  mutating func add(_ text: UnsafeRawBufferPointer, _ family: Family) {
    var lines = Lines(text)
    _ = lines.next()
    while let line = lines.next() {
      var fields = FieldScanner(line)
      if family == .unix { addUnix(&fields) } else { addInternet(&fields, family) }
    }
  }

  // sl local_address rem_address st ...
  private mutating func addInternet(_ fields: inout FieldScanner, _ family: Family) {
    guard fields.word() != nil, let local = fields.word(), let remote = fields.word(), let state = fields.word(),
      let number = state.hexadecimalNumber.map({ Int($0) }), states.indices.contains(number)
    else { return }
    var hash = FNV(family == .tcp ? 1 : 2)
    hash.add(local)
    hash.add(remote)
    if family == .udp {
      if seen.insert(hash.value).inserted { datagrams += 1 }
    } else {
      hash.add(state)
      if seen.insert(hash.value).inserted { states[number] += 1 }
    }
  }

  // Num RefCount Protocol Flags Type St Inode Path
  private mutating func addUnix(_ fields: inout FieldScanner) {
    for _ in 0..<4 { guard fields.word() != nil else { return } }
    guard let type = fields.number(), fields.word() != nil, fields.word() != nil else { return }
    var hash = FNV(type == 2 ? 2 : 3 &+ type)
    if let path = fields.word() { hash.add(path) }
    guard seen.insert(hash.value).inserted else { return }
    if type == 2 { datagrams += 1 } else { others += 1 }
  }

  /// The hash of Fowler, Noll and Vo, FNV-1a.
  private struct FNV {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325

    init(_ kind: UInt64) { add(byte: UInt8(truncatingIfNeeded: kind)) }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
      for byte in bytes { add(byte: byte) }
      add(byte: 0)
    }

    private mutating func add(byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  }
}
