internal import Records
internal import Unix

/// One open file and how far it is read. It holds no lines: what is not a whole one yet is read again when there is more, so
/// that a thousand quiet files cost a thousand numbers.
final class FollowedFile {
  /// The absolute path under which it was found: the records' `source`.
  let path: String
  let identity: FileIdentity
  let source: LogRecordWriter.Source
  let descriptor: Int32
  /// Where the first byte stands that is in no record yet.
  private(set) var offset: Int64
  /// The path leads to another file now, since this moment (monotonic nanoseconds). The old one is read on for a while,
  /// because its writer may not know yet.
  var rotatedSince: Int64?
  private var examinedSize: Int64 = -1
  /// The last bytes before `offset`. If others stand there, the file was emptied and has grown again since.
  private var marker: [UInt8] = []
  private var lastChange = FileChange()

  private static let markerLength = 32
  private var lastTimestamp = Int64.min

  /// Takes the descriptor over.
  init(path: String, identity: FileIdentity, descriptor: Int32, offset: Int64) {
    self.path = path
    self.identity = identity
    self.descriptor = descriptor
    self.offset = offset
    source = LogRecordWriter.Source(path)
    marker = bytesBefore(offset, Self.markerLength)
  }

  deinit { close(descriptor) }

  /// What one step of reading found.
  enum Step: Equatable {
    /// There may be more at once.
    case more
    /// Everything that is there is read, but perhaps for a line without its LF.
    case atEnd
    /// The file is shorter than what was read of it: somebody has emptied it, and it begins anew.
    case truncated
  }

  /// The longest message of one event; a longer line is cut into several (CloudWatch Logs takes 1 MiB with 26 bytes of
  /// overhead for each event).
  static let maximumMessageLength = 1_048_576 - 26

  /// Reads one block and writes the records of its whole lines.
  /// - Parameters:
  ///   - block: memory shared by all files, of `maximumMessageLength` bytes at least.
  ///   - isLast: nothing will come after what is there now, so a last line without LF is a line.
  ///   - now: milliseconds since the epoch.
  func read(into writer: LogRecordWriter, block: UnsafeMutableRawBufferPointer, blockSize: Int, isLast: Bool, now: Int64) throws -> Step {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("look at \(path)") }
    let size = Int64(status.st_size)
    let change = FileChange(status)
    if size < offset || change != lastChange && bytesBefore(offset, marker.count) != marker {
      offset = 0
      examinedSize = -1
      marker = []
      return .truncated
    }
    if change != lastChange { examinedSize = -1 }
    lastChange = change
    if size == offset || (size == examinedSize && !isLast) { return .atEnd }
    var wanted = blockSize
    while true {
      let count = try fill(block, wanted)
      guard count > 0 else { return .atEnd }
      let bytes = UnsafeRawBufferPointer(rebasing: block[0..<count])
      if write(bytes, to: writer, now: now) { return .more }
      // Not one whole line in it: more of it, the whole of it, or a piece of a line that is too long for one event.
      if count == wanted, wanted < Self.maximumMessageLength {
        wanted = min(wanted * 8, Self.maximumMessageLength)
        continue
      }
      if count >= Self.maximumMessageLength {
        cut(bytes, to: writer, now: now)
        return .more
      }
      examinedSize = size
      guard isLast, offset + Int64(count) >= size else { return .atEnd }
      emit(bytes, to: writer, end: offset + Int64(count), now: now)
      return .atEnd
    }
  }

  private func bytesBefore(_ end: Int64, _ length: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(min(Int64(length), end)))
    let count = pread(descriptor, &bytes, bytes.count, off_t(end - Int64(bytes.count)))
    return count == bytes.count ? bytes : []
  }

  // Moves on behind bytes that are in records now.
  private func advance(to end: Int64, behind bytes: UnsafeRawBufferPointer) {
    offset = end
    marker = Array((marker + bytes.suffix(Self.markerLength)).suffix(Self.markerLength))
  }

  private func fill(_ block: UnsafeMutableRawBufferPointer, _ wanted: Int) throws -> Int {
    guard let base = block.baseAddress else { return 0 }
    while true {
      let count = pread(descriptor, base, min(wanted, block.count), off_t(offset))
      if count >= 0 { return count }
      if errno != EINTR { throw SystemError("read \(path)") }
    }
  }

  // Writes the whole lines of a block; only the last record carries the position.
  private func write(_ bytes: UnsafeRawBufferPointer, to writer: LogRecordWriter, now: Int64) -> Bool {
    guard let last = lastLineFeed(bytes) else { return false }
    lastTimestamp = max(lastTimestamp, now)
    let end = offset + Int64(last + 1)
    var start = 0
    while start <= last, let lineFeed = bytes.firstIndex(of: 0x0A, from: start) {
      var line = bytes.part(start..<lineFeed)
      if line.last == 0x0D { line = line.part(0..<line.count - 1) }
      let position = lineFeed == last ? token(end) : nil
      if !line.isEmpty {
        writer.append(source, position: position, timestamp: lastTimestamp, message: line)
      } else if let position {
        writer.append(source, position: position)
      }
      start = lineFeed + 1
    }
    advance(to: end, behind: bytes.part(0..<last + 1))
    return true
  }

  private func emit(_ line: UnsafeRawBufferPointer, to writer: LogRecordWriter, end: Int64, now: Int64) {
    lastTimestamp = max(lastTimestamp, now)
    writer.append(source, position: token(end), timestamp: lastTimestamp, message: line)
    advance(to: end, behind: line)
  }

  // A position inside a line would make a later run begin there, so these pieces have none.
  private func cut(_ bytes: UnsafeRawBufferPointer, to writer: LogRecordWriter, now: Int64) {
    lastTimestamp = max(lastTimestamp, now)
    var end = bytes.count
    // A character has at most three bytes 10xxxxxx behind its first.
    for _ in 0..<3 where end > 1 && bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
    if end > 1, bytes[end - 1] >= 0xC0 { end -= 1 } else { end = bytes.count }
    writer.append(source, position: nil, timestamp: lastTimestamp, message: bytes.part(0..<end))
    advance(to: offset + Int64(end), behind: bytes.part(0..<end))
  }

  private func lastLineFeed(_ bytes: UnsafeRawBufferPointer) -> Int? { bytes.lastIndex(of: 0x0A) }

  // Opaque to all others: device and inode in hexadecimal, and the offset.
  private func token(_ offset: Int64) -> String {
    "\(String(identity.device, radix: 16)):\(String(identity.inode, radix: 16)):\(offset)"
  }
}
