internal import Records
internal import Unix

/// The files of a spool: `NUMBER.spool` each a segment, `NUMBER.bad` those that could not be used, and `acknowledged`.
struct SpoolFiles {
  let directory: String

  func segment(_ sequence: Int64) -> String { path(sequence, "spool") }
  private var hintPath: String { "\(directory)/acknowledged" }

  private func path(_ sequence: Int64, _ suffix: String) -> String {
    let digits = String(sequence)
    return "\(directory)/\(String(repeating: "0", count: max(0, 16 - digits.utf8.count)))\(digits).\(suffix)"
  }

  /// The numbers of the segments that are there, the oldest first, and the largest number that was ever used as far as is known.
  func list() throws -> (segments: [Int64], largest: Int64) {
    guard let stream = opendir(directory) else { throw SystemError("open \(directory)") }
    defer { closedir(stream) }
    var segments: [Int64] = []
    var largest: Int64 = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in bytes.part(0..<(bytes.firstIndex(of: 0) ?? bytes.count)).text }
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0].utf8.count >= 16, let number = Int64(parts[0]), (1..<1 << 60).contains(number) else { continue }
      if parts[1] == "spool" { segments.append(number) }
      if parts[1] == "spool" || parts[1] == "bad" { largest = max(largest, number) }
    }
    return (segments.sorted(), largest)
  }

  /// Makes a segment, for writing.
  func create(_ sequence: Int64) throws -> Int32 {
    let path = segment(sequence)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemError("make \(path)") }
    return descriptor
  }

  /// Reads a segment from `start` up to `end`, or to its own end, into an empty buffer.
  func load(_ sequence: Int64, from start: Int, to end: Int? = nil, into buffer: ByteBuffer) throws {
    let path = segment(sequence)
    // Not blocking: what has the name may be a FIFO.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("look at \(path)") }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else { throw SystemError("use \(path)", code: EPERM) }
    let length = min(end ?? .max, Int(status.st_size)) - start
    guard length <= Spool.largestSegment else { throw SystemError("read \(path)", code: EFBIG) }
    while buffer.count < length {
      let wanted = length - buffer.count
      let count = pread(descriptor, buffer.reserve(wanted), wanted, off_t(start + buffer.count))
      if count > 0 {
        buffer.advance(count)
      } else if count == 0 {
        return
      } else if errno != EINTR {
        throw SystemError("read \(path)")
      }
    }
  }

  func remove(_ sequence: Int64) { unlink(segment(sequence)) }

  /// Renames a segment that cannot be used, so that it can be examined.
  func setAside(_ sequence: Int64) { rename(segment(sequence), path(sequence, "bad")) }

  /// Brings a segment to the disk.
  func synchronize(_ sequence: Int64) throws {
    let path = segment(sequence)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw SystemError("open \(path)") }
    defer { close(descriptor) }
    try Descriptor.synchronize(descriptor, name: path)
  }

  func synchronizeDirectory() { Descriptor.synchronizeDirectory(directory) }

  // MARK: - the hint

  /// Up to where records are accepted, as it was noted last. What is there is found by looking; this only tells what of it need not
  /// be sent again.
  struct Hint: Equatable {
    /// A place in a segment; the first number is 0 before the first segment.
    struct Place: Equatable {
      var sequence: Int64
      var offset: Int
    }

    var acknowledged: Place
    /// Up to where records may have been accepted, since they were being sent; nil: nothing was.
    var sending: Place?
  }

  func readHint() -> Hint? {
    let descriptor = open(hintPath, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let file = try? TextFile.read(descriptor: descriptor, name: hintPath, limit: 4096) else { return nil }
    let words = file.withUnsafeBytes { $0.text }.split(separator: "\n").first?.split(separator: " ") ?? []
    // The second version has a mark as well.
    let hasMark = words.count == 7 && words[1] == "2"
    guard words.count == 5 && words[1] == "1" || hasMark, words[0] == "cw-spool" else { return nil }
    guard let acknowledged = Self.place(words[2], words[3]) else { return nil }
    var hint = Hint(acknowledged: acknowledged)
    if hasMark {
      guard let sending = Self.place(words[4], words[5]) else { return nil }
      hint.sending = sending
    }
    return words.last.map { $0 == Self.checksum(of: hint) } == true ? hint : nil
  }

  private static func place(_ sequence: Substring, _ offset: Substring) -> Hint.Place? {
    guard let sequence = Int64(sequence), let offset = Int(offset), (0..<1 << 60).contains(sequence), offset >= 0 else { return nil }
    return Hint.Place(sequence: sequence, offset: offset)
  }

  /// The descriptor to write the hint by; nil if there can be none.
  func openHint() -> Int32? {
    let descriptor = open(hintPath, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    return descriptor >= 0 ? descriptor : nil
  }

  /// Overwrites the hint in place, which works on a full disk.
  func write(_ hint: Hint, to descriptor: Int32) throws {
    let line = ByteBuffer(capacity: 128)
    line.append("cw-spool \(hint.sending == nil ? 1 : 2) \(Self.text(of: hint)) \(Self.checksum(of: hint))\n")
    // Over whatever was longer.
    while line.count < 120 { line.append(" ") }
    try Descriptor.writeAll(descriptor, line.bytes, at: 0, name: hintPath)
  }

  func removeHint() { unlink(hintPath) }

  private static func text(of hint: Hint) -> String {
    let places = [hint.acknowledged, hint.sending].compactMap { $0 }
    return places.map { "\($0.sequence) \($0.offset)" }.joined(separator: " ")
  }

  private static func checksum(of hint: Hint) -> String {
    var checksum = Checksum()
    checksum.add(Array(text(of: hint).utf8))
    return String(checksum.value, radix: 16)
  }
}
