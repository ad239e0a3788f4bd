package import Unix

/// The positions of all sources, in one small file that is overwritten in place.
///
/// Three slots of one size, made in advance, so that storing works on a full disk. A slot is a line with a checksum and the sources
/// as NDJSON, and behind that, each with a checksum of its own, what has changed since: so what is written is in proportion to what
/// has changed. The newest whole slot counts, with its changes up to the first that is not whole.
///
/// A slot whose room is used up is followed by the one that is neither the newest nor the last that is known to be on the disk: so a
/// process that is killed while it writes leaves what it had stored before, and a power cut what was synchronized. (With two slots
/// one of the two had to be given up, or each store be synchronized.)
package final class PositionFile {
  static let magic = "cw-positions"
  static let changesMagic = "cw-changes"
  /// 1 had no changes behind a slot.
  static let version: Int64 = 2
  static let slotCount = 3
  static let smallestSlot = 16 << 10
  /// Slots begin at multiples of it, so that even a file of a wrong length can be searched.
  static let alignment = 4096
  /// The whole file has 8 MiB at most.
  static let largestSlot = (8 << 20) / slotCount / alignment * alignment
  /// What a slot may begin with: positions of nine thousand sources. The rest is for changes.
  package static let largestBody = 1_750_000
  /// A larger file is no state of ours; those of version 1 had no bound.
  static let largestFile = 64 << 20

  private let path: String
  private var descriptor: Int32
  private var slotSize: Int
  private var sequence: Int64
  private var newest: Int
  private var synchronized: Int
  /// Where the next changes go in the newest slot, and how many there are; nil: what stands there is not ours alone.
  private var end: Int?
  private var changes: Int64 = 0
  /// What is stored is not known to be on the disk yet.
  package private(set) var needsSynchronizing = false

  /// Opens the file, or makes it.
  /// - Parameter replacing: makes a new one even if there is one, whose content is of no use.
  /// - Throws: `SystemError`, `OwnedFile.OwnershipError`, or `CommandError` for a file of a newer version.
  package init(path: String, replacing: Bool = false) throws {
    self.path = path
    if !replacing, let open = try Self.openExisting(path) {
      (descriptor, slotSize, sequence, newest) = open
      synchronized = newest
    } else {
      let body = ByteBuffer()
      // A file of another length, cut short perhaps: what is whole in it counts.
      if !replacing, case .sources(let sources) = try Self.read(path) { Self.append(sources, to: body) }
      let first = Self.block(Self.magic, [Self.version, 0], body)
      slotSize = Self.slotSize(for: first)
      (sequence, newest, synchronized, end) = (0, 0, 0, first.count)
      descriptor = try Self.make(path, slotSize: slotSize, firstSlot: first)
    }
  }

  deinit { close(descriptor) }

  /// Stores the lines of `body` (each a `SourceState`) as the newest state, instead of everything before. Not synchronized.
  /// - Parameter body: of `largestBody` bytes at most.
  /// - Throws: `SystemError`.
  package func store(_ body: ByteBuffer) throws {
    let next = sequence &+ 1
    let bytes = Self.block(Self.magic, [Self.version, next], body)
    guard bytes.count <= Self.largestSlot else { throw SystemError("store so many positions in \(path)", code: EFBIG) }
    // Changes want room too.
    if bytes.count > slotSize / 2, slotSize < Self.largestSlot { return try grow(bytes, sequence: next) }
    let offset = (0..<Self.slotCount).first { $0 != newest && $0 != synchronized } ?? 0
    try Descriptor.writeAll(descriptor, bytes.bytes, at: offset * slotSize, name: path)
    (sequence, newest, end, changes, needsSynchronizing) = (next, offset, bytes.count, 0, true)
  }

  /// Stores the lines of `body` as they differ from what was stored before; one with an empty position takes its source out. Not
  /// synchronized.
  /// - Returns: false if there is no room for them, and the whole state is to be stored.
  /// - Throws: `SystemError`.
  package func append(_ body: ByteBuffer) throws -> Bool {
    // What a process before this one has written last may be torn, with a whole one behind it.
    guard let end else { return false }
    let bytes = Self.block(Self.changesMagic, [sequence, changes], body)
    guard end + bytes.count <= slotSize else { return false }
    try Descriptor.writeAll(descriptor, bytes.bytes, at: newest * slotSize + end, name: path)
    (self.end, changes, needsSynchronizing) = (end + bytes.count, changes &+ 1, true)
    return true
  }

  /// Waits until what was stored last is on the disk.
  /// - Throws: `SystemError`.
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
    (end, changes, needsSynchronizing) = (bytes.count, 0, false)
  }

  // With room for as much again; few sizes, since each is a new file.
  private static func slotSize(for slot: ByteBuffer) -> Int {
    var size = smallestSlot
    while size < 2 * slot.count, size < largestSlot { size *= 4 }
    return min(size, largestSlot)
  }

  // MARK: - on the disk

  // A line, `WORD NUMBER … LENGTH CHECKSUM`, and what it speaks of.
  private static func block(_ word: String, _ numbers: [Int64], _ body: ByteBuffer) -> ByteBuffer {
    let result = ByteBuffer(capacity: body.count + 128)
    result.append(word)
    for number in numbers + [Int64(body.count)] {
      result.append(" ")
      result.append(decimal: number)
    }
    result.append(" ")
    var checksum = Checksum(result.bytes)
    checksum.add(body.bytes)
    result.append(String(checksum.value, radix: 16))
    result.append("\n")
    result.append(body)
    return result
  }

  // All, or those that were seen last, as many as a slot takes.
  private static func append(_ sources: [SourceState], to body: ByteBuffer) {
    sources.forEach { $0.append(to: body) }
    guard body.count > largestBody else { return }
    body.removeAll()
    for source in sources.sorted(by: { $0.seen > $1.seen }) {
      let before = body.count
      source.append(to: body)
      if body.count > largestBody { return body.truncate(to: before) }
    }
  }

  // Complete before it gets its name: a power cut leaves the old file or the new one.
  private static func make(_ path: String, slotSize: Int, firstSlot: ByteBuffer) throws -> Int32 {
    let temporary = "\(path).new"
    unlink(temporary)
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemError("make \(path)") }
    do {
      try reserve(descriptor, slotCount * slotSize, path)
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

  // A hole would want its block when the disk is full. Zeros are written where the file system cannot promise its blocks.
  private static func reserve(_ descriptor: Int32, _ size: Int, _ path: String) throws {
    #if os(Linux)
      let failure = posix_fallocate(descriptor, 0, off_t(size))
      if failure == 0 { return }
      guard failure == EOPNOTSUPP || failure == EINVAL else { throw SystemError("make \(path)", code: failure) }
    #endif
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    for offset in stride(from: 0, to: size, by: zeros.count) {
      try zeros.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0.part(0..<min($0.count, size - offset)), at: offset, name: path) }
    }
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

  // Reading a state file of a later version of this toolkit as ours would lose lines, or send them twice.
  private static func tooNew(_ path: String) -> CommandError {
    CommandError(
      .badConfiguration,
      "\(path) was written by a newer version of this program; install that version, or remove the file, which means to begin anew")
  }

  /// What the newest whole slot says, with its changes.
  /// - Throws: `SystemError`, `OwnedFile.OwnershipError`, or `CommandError` for a file of a newer version.
  package static func read(_ path: String) throws -> Content {
    guard let file = try contents(path) else { return .missing }
    guard let slot = try newestSlot(file, path) else { return .damaged }
    let sources = file.withUnsafeBytes { Self.sources($0, slot) }
    // What is left of one that was cut short may be the slot with which it began.
    if sources.isEmpty, file.count % (slotCount * alignment) != 0 { return .damaged }
    return .sources(sources)
  }

  /// Moves a damaged file out of the way and keeps it for inspection.
  /// - Returns: its new path; nil: it cannot be moved.
  package static func setAside(_ path: String, seconds: Int64) -> String? {
    let aside = "\(path).bad-\(seconds)"
    return rename(path, aside) == 0 ? aside : nil
  }

  private typealias Slot = (offset: Int, sequence: Int64, body: Range<Int>)

  private static func openExisting(_ path: String) throws -> (Int32, Int, Int64, Int)? {
    guard let file = try contents(path), let slot = try newestSlot(file, path) else { return nil }
    let size = file.count / slotCount
    // A file of another length is not ours as it stands: it is made anew with what it says.
    guard file.count == size * slotCount, (smallestSlot...largestSlot).contains(size), size % alignment == 0, slot.offset % size == 0
    else { return nil }
    let descriptor = try OwnedFile.open(path, O_RDWR)
    return (descriptor, size, slot.sequence, slot.offset / size)
  }

  private static func contents(_ path: String) throws -> [UInt8]? {
    // Not through a link: it may lead to a disk that is not there at the moment, and would be replaced by what is stored next.
    let descriptor: Int32
    do {
      descriptor = try OwnedFile.open(path, O_RDONLY)
    } catch let error as SystemError where [ENOENT, ENOTDIR].contains(error.code) {
      return nil
    }
    defer { close(descriptor) }
    guard let status = try? FileStatus.of(descriptor, name: path), status.size <= Int64(largestFile) else { return [0] }
    return try TextFile.read(descriptor: descriptor, name: path, limit: largestFile)
  }

  private static func newestSlot(_ file: [UInt8], _ path: String) throws -> Slot? {
    var best: Slot?
    try file.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: bytes.count, by: alignment) {
        guard let (words, body) = block(magic, bytes.part(offset..<bytes.count)) else { continue }
        guard words.first.map({ $0 <= version }) != false else { throw tooNew(path) }
        // A number that no counting reaches would be the newest for ever.
        guard let body, words.count == 2, (0..<Int64.max / 2).contains(words[1]), words[1] >= best?.sequence ?? 0 else { continue }
        best = (offset, words[1], offset + body.lowerBound..<offset + body.upperBound)
      }
    }
    return best
  }

  // The numbers of a block's line but for its length, and where its body lies, if that is whole; nil: there is none.
  private static func block(_ word: String, _ bytes: UnsafeRawBufferPointer) -> (numbers: [Int64], body: Range<Int>?)? {
    guard bytes.count > word.utf8.count, bytes.prefix(word.utf8.count).elementsEqual(word.utf8),
      let lineFeed = bytes.part(0..<min(128, bytes.count)).firstIndex(of: 0x0A)
    else { return nil }
    let words = bytes.part(0..<lineFeed).text.split(separator: " ").dropFirst()
    let numbers = words.prefix { Int64($0) != nil }.compactMap { Int64($0) }
    guard words.count == 4, let sum = words.last, let checksum = UInt64(sum, radix: 16), let length = Int(words[words.endIndex - 2]),
      length >= 0, length <= bytes.count - lineFeed - 1, let first = Int64(words[words.startIndex]),
      let second = Int64(words[words.startIndex + 1])
    else { return (numbers, nil) }
    let body = lineFeed + 1..<lineFeed + 1 + length
    var found = Checksum(bytes.part(0..<lineFeed - sum.utf8.count))
    found.add(bytes.part(body))
    return ([first, second], found.value == checksum ? body : nil)
  }

  private static func sources(_ file: UnsafeRawBufferPointer, _ slot: Slot) -> [SourceState] {
    var sources: [SourceState] = []
    var indexes: [[UInt8]: Int] = [:]
    apply(file.part(slot.body), to: &sources, &indexes)
    var offset = slot.body.upperBound
    var number: Int64 = 0
    while case let (words, body?)? = block(changesMagic, file.part(offset..<file.count)), words == [slot.sequence, number] {
      apply(file.part(offset + body.lowerBound..<offset + body.upperBound), to: &sources, &indexes)
      offset += body.upperBound
      number += 1
    }
    return sources.filter { !$0.position.isEmpty }
  }

  private static func apply(_ body: UnsafeRawBufferPointer, to sources: inout [SourceState], _ indexes: inout [[UInt8]: Int]) {
    var start = 0
    while let lineFeed = body.firstIndex(of: 0x0A, from: start) {
      if let source = SourceState(body.part(start..<lineFeed), isChange: true) {
        if let offset = indexes[source.source] {
          sources[offset] = source
        } else {
          indexes[source.source] = sources.count
          sources.append(source)
        }
      }
      start = lineFeed + 1
    }
  }
}
