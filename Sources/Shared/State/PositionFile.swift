package import Unix

/// The positions of all sources, in one small file that is overwritten in place.
///
/// Three slots of one size, made in advance, so that storing works on a full disk. A slot is a line with a checksum and
/// then the sources as NDJSON; the newest whole one counts. A store goes into the slot that is neither the newest nor the
/// last that is known to be on the disk: so a process that is killed while it writes leaves the newest, and a power cut the
/// synchronized one. (With two slots one of the two had to be given up, or each store be synchronized.)
package final class PositionFile {
  static let magic = "cw-positions"
  static let version: Int64 = 1
  static let slotCount = 3
  static let smallestSlot = 16 << 10
  /// Slots begin at multiples of it, so that even a file of a wrong length can be searched.
  static let alignment = 4096
  /// Positions of fifty thousand sources; a larger file is no state of ours.
  static let largestFile = 64 << 20

  private let path: String
  private var descriptor: Int32
  private var slotSize: Int
  private var sequence: Int64
  private var newest: Int
  private var synchronized: Int
  private let buffer = ByteBuffer()
  /// What is stored is not known to be on the disk yet.
  package private(set) var needsSynchronizing = false

  /// Opens the file, or makes it.
  /// - Parameter replacing: makes a new one even if there is one, whose content is of no use.
  package init(path: String, replacing: Bool = false) throws {
    self.path = path
    if !replacing, let open = try Self.openExisting(path) {
      (descriptor, slotSize, sequence, newest) = open
      synchronized = newest
    } else {
      let body = ByteBuffer()
      // A file of another length, cut short perhaps: what is whole in it counts.
      if !replacing, case .sources(let sources) = try Self.read(path) { sources.forEach { $0.append(to: body) } }
      let first = Self.slot(body, sequence: 0)
      (slotSize, sequence, newest, synchronized) = (Self.slotSize(for: first), 0, 0, 0)
      descriptor = try Self.make(path, slotSize: slotSize, firstSlot: first)
    }
  }

  deinit { close(descriptor) }

  /// Stores the lines of `body` (each a `SourceState`) as the newest state. Not synchronized.
  package func store(_ body: ByteBuffer) throws {
    let next = sequence &+ 1
    let bytes = Self.slot(body, sequence: next)
    guard bytes.count <= slotSize else { return try grow(bytes, sequence: next) }
    let place = (0..<Self.slotCount).first { $0 != newest && $0 != synchronized } ?? 0
    try Descriptor.writeAll(descriptor, bytes.bytes, at: place * slotSize, name: path)
    (sequence, newest, needsSynchronizing) = (next, place, true)
  }

  /// Waits until what was stored last is on the disk.
  package func synchronize() throws {
    guard needsSynchronizing else { return }
    try Descriptor.synchronize(descriptor, name: path)
    (synchronized, needsSynchronizing) = (newest, false)
  }

  // More sources than ever: a larger file, made beside the old one.
  private func grow(_ bytes: ByteBuffer, sequence next: Int64) throws {
    let size = Self.slotSize(for: bytes)
    let larger = try Self.make(path, slotSize: size, firstSlot: bytes)
    close(descriptor)
    (descriptor, slotSize, sequence, newest, synchronized) = (larger, size, next, 0, 0)
    needsSynchronizing = false
  }

  // With room for as much again.
  private static func slotSize(for slot: ByteBuffer) -> Int {
    max(smallestSlot, (2 * slot.count + alignment - 1) / alignment * alignment)
  }

  // MARK: - on the disk

  private static func slot(_ body: ByteBuffer, sequence: Int64) -> ByteBuffer {
    let result = ByteBuffer(capacity: body.count + 128)
    result.append("\(magic) \(version) \(sequence) \(body.count) ")
    var checksum = Checksum(result.bytes)
    checksum.add(body.bytes)
    result.append(String(checksum.value, radix: 16))
    result.append("\n")
    result.append(body)
    return result
  }

  // Complete before it gets its name: a power cut leaves the old file or the new one.
  private static func make(_ path: String, slotSize: Int, firstSlot: ByteBuffer) throws -> Int32 {
    let temporary = "\(path).new"
    unlink(temporary)
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemError("make \(path)") }
    do {
      // Written, not only reserved: a hole would want its block when the disk is full.
      let zeros = [UInt8](repeating: 0, count: slotSize)
      for index in 0..<slotCount {
        try zeros.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0, at: index * slotSize, name: path) }
      }
      try Descriptor.writeAll(descriptor, firstSlot.bytes, at: 0, name: path)
      try Descriptor.synchronize(descriptor, name: path)
      guard rename(temporary, path) == 0 else { throw SystemError("make \(path)") }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    Descriptor.synchronizeDirectory(of: path)
    return descriptor
  }
}

// MARK: - reading

extension PositionFile {
  package enum Content: Equatable {
    /// There is no such file: this is the first start.
    case missing
    /// There is one, and no slot of it is whole.
    case damaged
    case sources([SourceState])
  }

  /// A state file of a later version of this toolkit: reading it as ours would lose lines, or send them twice.
  package struct TooNew: Failure {
    package let path: String
    package var message: String {
      "\(path) was written by a newer version of this program; install that version, or remove the file, which means to begin anew"
    }
    package var status: ExitStatus { .badConfiguration }
  }

  /// What the newest whole slot says.
  package static func read(_ path: String) throws -> Content {
    guard let file = try contents(path) else { return .missing }
    guard let slot = try newestSlot(file, path) else { return .damaged }
    return .sources(slot.sources)
  }

  /// Puts a damaged file out of the way, for whoever wants to look into it. Returns its new path.
  package static func setAside(_ path: String, seconds: Int64) -> String? {
    let aside = "\(path).bad-\(seconds)"
    return rename(path, aside) == 0 ? aside : nil
  }

  private typealias Slot = (place: Int, sequence: Int64, sources: [SourceState])

  private static func openExisting(_ path: String) throws -> (Int32, Int, Int64, Int)? {
    guard let file = try contents(path), let slot = try newestSlot(file, path) else { return nil }
    let size = file.count / slotCount
    // Of another length it would not have come from us: it is made anew with what it says.
    guard file.count == size * slotCount, size >= smallestSlot, size % alignment == 0, slot.place % size == 0 else { return nil }
    let descriptor = try OwnFile.open(path, O_RDWR)
    return (descriptor, size, slot.sequence, slot.place / size)
  }

  private static func contents(_ path: String) throws -> [UInt8]? {
    // Not through a link: it may lead to a disk that is not there at the moment, and would be replaced by what is stored next.
    let descriptor: Int32
    do {
      descriptor = try OwnFile.open(path, O_RDONLY)
    } catch let error as SystemError where [ENOENT, ENOTDIR].contains(error.code) {
      return nil
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int64(status.st_size) <= Int64(largestFile) else { return [0] }
    return try TextFile.read(descriptor: descriptor, name: path, limit: largestFile)
  }

  private static func newestSlot(_ file: [UInt8], _ path: String) throws -> Slot? {
    var best: Slot?
    try file.withUnsafeBytes { bytes in
      for place in stride(from: 0, to: bytes.count, by: alignment) {
        if let slot = try self.slot(bytes.part(place..<bytes.count), place: place, path), slot.sequence >= best?.sequence ?? 0 {
          best = slot
        }
      }
    }
    return best
  }

  private static func slot(_ bytes: UnsafeRawBufferPointer, place: Int, _ path: String) throws -> Slot? {
    guard bytes.count > magic.utf8.count, bytes.prefix(magic.utf8.count).elementsEqual(magic.utf8),
      let lineFeed = bytes.part(0..<min(128, bytes.count)).firstIndex(of: 0x0A)
    else { return nil }
    let words = bytes.part(0..<lineFeed).text.split(separator: " ")
    guard words.count >= 2, let version = Int64(words[1]) else { return nil }
    guard version <= Self.version else { throw TooNew(path: path) }
    guard words.count == 5, let sequence = Int64(words[2]), let length = Int(words[3]), let sum = UInt64(words[4], radix: 16),
      // A number that no counting reaches would be the newest for ever.
      (0..<Int64.max / 2).contains(sequence), length >= 0, length <= bytes.count - lineFeed - 1
    else { return nil }
    let body = bytes.part(lineFeed + 1..<lineFeed + 1 + length)
    var checksum = Checksum(bytes.part(0..<lineFeed - words[4].utf8.count))
    checksum.add(body)
    guard checksum.value == sum else { return nil }
    return (place, sequence, sources(body))
  }

  private static func sources(_ body: UnsafeRawBufferPointer) -> [SourceState] {
    var sources: [SourceState] = []
    var start = 0
    while let lineFeed = body.firstIndex(of: 0x0A, from: start) {
      if let source = SourceState(body.part(start..<lineFeed)) { sources.append(source) }
      start = lineFeed + 1
    }
    return sources
  }
}
