internal import Config
internal import Unix

/// The record of passwords: a file for its owner alone, with one password for each user.
///
/// A password is on the disk when `record` returns. A line counts with its line feed; half a line at the end, after a power cut or with a
/// full disk, is a password that was never set.
final class PasswordFile {
  let path: String
  let format: PasswordFormat
  private var lines: [String: Line] = [:]
  private var descriptor: Int32
  private var size = 0
  private var isNew = false

  /// Bytes. A million users take 60 MB.
  private static let limit = 1 << 28

  private struct Line {
    /// The place in the file, with the line feed.
    var bytes: Range<Int>
    let password: Secret
  }

  /// Opens and locks the file, or makes it.
  /// - Throws: `CommandError`.
  static func open(_ path: String, _ format: PasswordFormat) throws -> PasswordFile {
    while true {
      let (descriptor, isNew) = try openDescriptor(path)
      let file: PasswordFile? = try translating({ CommandError(.cannotWrite, $0.message) }) {
        let file = try PasswordFile(path, format, descriptor)
        try file.lock(descriptor)
        // Another run may have put a new file in its place before it let go.
        guard try file.isStillThere() else { return nil }
        file.isNew = isNew
        try file.load()
        try file.repair()
        return file
      }
      if let file { return file }
    }
  }

  /// The ids in a file, for a plan; empty if there is no file.
  static func recordedIds(_ path: String, _ format: PasswordFormat) throws -> Set<String> {
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if descriptor < 0, errno == ENOENT { return [] }
    guard descriptor >= 0 else { throw refusal(path) }
    let file = try PasswordFile(path, format, descriptor)
    try file.load()
    return file.ids
  }

  private init(_ path: String, _ format: PasswordFormat, _ descriptor: Int32) throws {
    self.path = path
    self.format = format
    self.descriptor = descriptor
    try checkAccess()
  }

  deinit { close(descriptor) }

  var ids: Set<String> { Set(lines.keys) }

  func password(of id: String) -> Secret? { lines[id]?.password }

  /// Writes a password to the disk, in place of the recorded one of this user.
  /// - Throws: `CommandError`; the file is as it was before.
  func record(_ id: String, _ password: Secret) throws {
    let advice = "no password was set that is not in it; make room and run this again"
    try translating({ CommandError(.cannotWrite, "\($0.message); \(advice)") }) {
      let line = "\(format.line(id, password))\n"
      lines[id] = Line(bytes: try lines[id].map { try replace($0.bytes, by: line) } ?? append(line), password: password)
    }
  }

  /// Removes a new file in which nothing was recorded.
  func removeIfEmpty() {
    if isNew, size == 0 { FileName.unlink(path) }
  }

  // MARK: - opening

  private static func openDescriptor(_ path: String) throws -> (Int32, isNew: Bool) {
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    while true {
      let made = openFile(path, flags | O_CREAT | O_EXCL, 0o600)
      if made >= 0 { return (made, true) }
      guard errno == EEXIST else { throw CommandError(.cannotWrite, "\(SystemError("make \(path)").message); give another --output") }
      let descriptor = openFile(path, flags)
      if descriptor >= 0 { return (descriptor, false) }
      if errno != ENOENT { throw refusal(path) }
    }
  }

  private static func refusal(_ path: String) -> CommandError {
    switch errno {
    case ELOOP: CommandError(.badConfiguration, "\(path) is a symbolic link; give the file itself as --output")
    case EISDIR: CommandError(.badConfiguration, "\(path) is a directory; give a file as --output")
    default: CommandError(.cannotWrite, "\(SystemError("open \(path)").message); give another --output")
    }
  }

  private func checkAccess() throws {
    let status = try FileStatus.of(descriptor, name: path)
    guard status.isRegular else {
      throw CommandError(.badConfiguration, "\(path) is no file that keeps passwords; give another --output")
    }
    guard status.st_uid == geteuid() else {
      throw CommandError(.badConfiguration, "\(path) belongs to user \(status.st_uid) and not to who runs this; give another --output")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw CommandError(.badConfiguration, "\(path) holds passwords, and its mode lets others at it; chmod 600 \(path)")
    }
  }

  private func lock(_ descriptor: Int32) throws {
    var lock = flock.writing()
    if fcntl(descriptor, F_SETLK, &lock) == 0 { return }
    guard errno == EACCES || errno == EAGAIN else { throw SystemError("lock \(path)") }
    var holder = flock.writing()
    _ = fcntl(descriptor, F_GETLK, &holder)
    let who = holder.l_pid > 0 ? " (process \(holder.l_pid))" : ""
    throw CommandError(.tryAgain, "another run\(who) is writing \(path); wait for its end, or give another --output")
  }

  private func isStillThere() throws -> Bool {
    let held = try FileStatus.of(descriptor, name: path)
    return FileStatus.ofLink(path).map { $0.st_ino == held.st_ino && $0.st_dev == held.st_dev } ?? false
  }

  // MARK: - reading

  private func load() throws {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemError("read \(path)") }
    let bytes = try TextFile.read(descriptor: descriptor, name: path, limit: Self.limit)
    size = bytes.count
    lines = [:]
    var firstLines: [String: Int] = [:]
    var start = 0
    var number = 0
    while start < bytes.count {
      number += 1
      let lineFeed = bytes[start...].firstIndex(of: 0x0A)
      let end = lineFeed.map { $0 + 1 } ?? bytes.count
      let text = String(decoding: bytes[start..<(lineFeed ?? end)].filter { $0 != 0x0D }, as: UTF8.self)
      if number == 1, let header = format.header, lineFeed == nil ? header.hasPrefix(text) : header == text {
        if lineFeed == nil { size = start }
      } else if let (id, password) = format.parse(text) {
        lines[id] = Line(bytes: start..<end, password: password)
        if let first = firstLines.updateValue(number, forKey: id) {
          throw CommandError(
            .badConfiguration, "\(path):\(number): \(id) is there twice, first in line \(first); leave the password that works")
        }
      } else if lineFeed == nil {
        size = start
      } else if !text.isEmpty {
        throw CommandError(
          .badConfiguration,
          "\(path):\(number): no line of --format \(format.rawValue); give the format that the file has, or another --output"
        )
      }
      start = end
    }
  }

  // Removes half a line at the end; a complete one without a line feed, as an editor leaves it, gets the line feed.
  private func repair() throws {
    FileName.unlink(successor)
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw SystemError("write \(path)") }
    var last: UInt8 = 0
    guard size > 0, pread(descriptor, &last, 1, off_t(size - 1)) == 1, last != 0x0A else { return }
    _ = try write("\n")
    try load()
  }

  // MARK: - writing

  private func append(_ line: String) throws -> Range<Int> {
    let header = size == 0 ? format.header.map { "\($0)\n" } ?? "" : ""
    let offset = try write(header + line).dropFirst(header.utf8.count)
    if isNew { Descriptor.synchronizeDirectory(of: path) }
    isNew = false
    return offset
  }

  private func write(_ text: String) throws -> Range<Int> {
    let bytes = Array(text.utf8)
    do {
      try bytes.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0, at: size, name: path) }
      try Descriptor.synchronize(descriptor, name: path)
    } catch {
      _ = ftruncate(descriptor, off_t(size))
      throw error
    }
    size += bytes.count
    return size - bytes.count..<size
  }

  // The new file is locked before it gets the name.
  private func replace(_ old: Range<Int>, by line: String) throws -> Range<Int> {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemError("read \(path)") }
    var bytes = try TextFile.read(descriptor: descriptor, name: path, limit: Self.limit)
    guard old.upperBound <= bytes.count else { throw SystemError("read \(path)", code: EIO) }
    bytes.replaceSubrange(old, with: line.utf8)
    FileName.unlink(successor)
    let new = openFile(successor, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard new >= 0 else { throw SystemError("make \(successor)") }
    do {
      try lock(new)
      try bytes.withUnsafeBytes { try Descriptor.writeAll(new, $0, at: 0, name: successor) }
      try Descriptor.synchronize(new, name: successor)
      guard FileName.rename(successor, to: path) else { throw SystemError("replace \(path)") }
    } catch {
      close(new)
      FileName.unlink(successor)
      throw error
    }
    Descriptor.synchronizeDirectory(of: path)
    close(descriptor)
    descriptor = new
    size = bytes.count
    let growth = line.utf8.count - old.count
    for (id, other) in lines where growth != 0 && other.bytes.lowerBound > old.lowerBound {
      lines[id]?.bytes = other.bytes.lowerBound + growth..<other.bytes.upperBound + growth
    }
    return old.lowerBound..<old.upperBound + growth
  }

  private var successor: String { "\(path).new" }
}
