internal import Unix

/// The shared credentials file as a place to put credentials for other programs, of which it leaves all else as it is.
package struct SharedCredentialsFile {
  /// A key and its value; nil takes it out.
  package typealias Entry = (key: String, value: String?)

  package let path: String

  package init(_ path: String) { self.path = path }

  /// Gives a section these keys; its others stay. A section or file that is not there is made.
  ///
  /// The file is replaced as a whole, so that a reader sees the old or the new one, whatever dies; two writers wait for each other.
  /// Afterwards it is for its owner alone.
  /// - Throws: `SharedConfig.Malformed` if the file, or what shall stand in it, does not follow the grammar; `SystemError`.
  package func write(_ entries: [Entry], section: String) throws {
    // A file that lies in a repository, and of which ~/.aws has a link, stays there.
    let target = try Self.followingLinks(path)
    let folder = Self.folder(of: target)
    try makeDirectories(folder, "the directory")
    let lock = try Self.lock(folder)
    defer { close(lock) }
    var status = stat()
    let exists = FileName.withBytes(target) { lstat($0, &status) } == 0
    if !exists, errno != ENOENT { throw SystemError("look at \(target)") }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      throw SharedConfig.Malformed(message: "\(target) is no file that could be replaced; name another by AWS_SHARED_CREDENTIALS_FILE")
    }
    let old = exists ? try TextFile.read(target, limit: SharedConfig.limit) : []
    let new = try Self.text(old, entries, section: section, name: target)
    if exists, new == old, status.st_mode & 0o077 == 0 { return }
    try new.withUnsafeBytes { _ = try AtomicFile.write($0, to: target, owner: exists ? (status.st_uid, status.st_gid) : nil) }
  }

  // MARK: - text

  /// The file's bytes with the section as it shall be.
  static func text(_ file: [UInt8], _ entries: [Entry], section: String, name: String) throws -> [UInt8] {
    let lines = try SharedConfigLine.all(file, name: name)
    let header = lines.firstIndex { $0.kind == .section(section) }
    let result = header.map { edited(file, lines, header: $0, entries) } ?? extended(file, lines, section, entries)
    // Whatever stands in the file: all that was asked for has changed, and nothing else.
    var (before, after) = (SharedConfig(), SharedConfig())
    try before.readCredentials(file, name: name)
    try after.readCredentials(result, name: name)
    var (others, found) = (before.credentialsProfiles, after.credentialsProfiles)
    let kept = others.removeValue(forKey: section)?.filter { old in !entries.contains { $0.key == old.key } } ?? [:]
    guard let keys = found.removeValue(forKey: section), found == others, entries.allSatisfy({ keys[$0.key] == $0.value }),
      kept.allSatisfy({ keys[$0.key] == $0.value })
    else {
      throw SharedConfig.Malformed(message: "\(name) can not take the section [\(section)]; choose another name, or write it by hand")
    }
    return result
  }

  private static func extended(_ file: [UInt8], _ lines: [SharedConfigLine], _ section: String, _ entries: [Entry]) -> [UInt8] {
    let ending = lines.first.map { Array(file[$0.end..<$0.bytes.upperBound]) } ?? []
    let lineFeed = ending.isEmpty ? [0x0A] : ending
    var result = file
    if let last = lines.last {
      if last.end == last.bytes.upperBound { result += lineFeed }
      if last.kind != .blank { result += lineFeed }
    }
    result += Array("[\(section)]".utf8) + lineFeed
    for case (let key, let value?) in entries { result += Array("\(key) = \(value)".utf8) + lineFeed }
    return result
  }

  private static func edited(_ file: [UInt8], _ lines: [SharedConfigLine], header: Int, _ entries: [Entry]) -> [UInt8] {
    let rest = lines[(header + 1)...]
    let next = rest.firstIndex { if case .section = $0.kind { true } else { false } } ?? lines.endIndex
    var missing = entries
    var result = Array(file[..<lines[header].bytes.upperBound])
    // Where keys that are not there yet go: behind the last one, indented like it, or they would be part of its value.
    var offset = result.count
    var indent: [UInt8] = []
    var ending = Array(file[lines[header].end..<lines[header].bytes.upperBound])
    var index = header + 1
    while index < next {
      let line = lines[index]
      var end = index + 1
      if case .key(let key, _) = line.kind {
        // Its value goes on to the last line that is indented deeper.
        let after = lines[end..<next].firstIndex { if case .key = $0.kind { true } else { false } } ?? next
        end = (lines[end..<after].lastIndex { if case .continuation = $0.kind { true } else { false } } ?? index) + 1
        indent = Array(file[line.bytes].prefix { $0 == 0x20 || $0 == 0x09 })
        if let entry = missing.firstIndex(where: { $0.key == key }) {
          let value = missing.remove(at: entry).value
          if let value { result += indent + Array("\(key) = \(value)".utf8) + file[lines[end - 1].end..<lines[end - 1].bytes.upperBound] }
        } else {
          result += file[line.bytes.lowerBound..<lines[end - 1].bytes.upperBound]
        }
        offset = result.count
      } else {
        result += file[line.bytes]
      }
      index = end
    }
    if ending.isEmpty { ending = [0x0A] }
    var added: [UInt8] = []
    for case (let key, let value?) in missing { added += indent + Array("\(key) = \(value)".utf8) + ending }
    // The last line of the file may have no end.
    if !added.isEmpty, let last = result[..<offset].last, last != 0x0A, last != 0x0D { added = ending + added }
    result.insert(contentsOf: added, at: offset)
    return result + file[(next < lines.endIndex ? lines[next].bytes.lowerBound : file.count)...]
  }

  // MARK: - files

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Where a path leads in the end, also if nothing is there.
  private static func followingLinks(_ path: String) throws -> String {
    var path = path
    // As many as the kernel follows.
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &buffer, buffer.count)
      guard count >= 0 else { return path }
      let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      path = target.hasPrefix("/") ? target : "\(folder(of: path))/\(target)"
    }
    throw SystemError("open \(path)", code: ELOOP)
  }

  /// On the directory itself, so that no file is left behind. Where a network's file system offers none, there is none.
  private static func lock(_ folder: String) throws -> Int32 {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open \(folder)") }
    // Others hold it for as long as writing a small file takes.
    for _ in 0..<1000 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK && errno != EINTR { return descriptor }
      usleep(10_000)
    }
    close(descriptor)
    throw SystemError("lock \(folder)", code: EWOULDBLOCK)
  }
}
