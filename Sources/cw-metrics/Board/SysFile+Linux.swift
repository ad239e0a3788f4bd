#if os(Linux)
  internal import Unix

  /// An attribute of sysfs(5), or a small file of /proc: one value, which each reading makes the kernel find out anew.
  ///
  /// It stays open. One read(2) without a repetition: what an attribute says to a second one may be another value, and a sensor that
  /// refuses (EAGAIN, ENODATA, EINVAL) is asked again at the next sample only.
  final class SysFile {
    let path: String
    private var descriptor: Int32 = -1
    private let buffer = ByteBuffer(capacity: SysFile.limit)

    /// Bytes that are read; the kernel's limit for an attribute is a page.
    static let limit = 4096

    init(_ path: String) { self.path = path }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The present text without blanks around it, valid until the next call and while the file is referenced; nil: it cannot be read, and `errno` says why.
    func read() -> UnsafeRawBufferPointer? {
      if descriptor < 0 { descriptor = openFile(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
      guard descriptor >= 0 else { return nil }
      buffer.removeAll()
      let count = pread(descriptor, buffer.reserve(Self.limit), Self.limit, 0)
      guard count >= 0 else {
        let code = errno
        // A device that is gone stays gone for this descriptor; another may have its name.
        if code == ENODEV { forget() }
        errno = code
        return nil
      }
      buffer.advance(count)
      return buffer.bytes.trimmed
    }

    /// Whether the kernel has announced a change since the last reading, for attributes that it does so for; false before the first.
    var wasAnnounced: Bool {
      guard descriptor >= 0 else { return false }
      var question = pollfd(fd: descriptor, events: Int16(POLLPRI), revents: 0)
      return poll(&question, 1, 0) > 0 && question.revents & Int16(POLLPRI) != 0
    }

    private func forget() {
      close(descriptor)
      descriptor = -1
    }
  }

  /// Directories of /sys, such as those of a class of devices.
  enum SysDirectory {
    /// Entries that are looked at.
    static let limit = 4096

    /// The names in it that begin with a text, in the order of their numbers: `hwmon2` stands before `hwmon10`. None if it cannot be read.
    static func names(_ path: String, prefix: String = "") -> [String] {
      guard let directory = opendir(path) else { return [] }
      defer { closedir(directory) }
      var names: [String] = []
      for _ in 0..<limit {
        guard let entry = readdir(directory) else { break }
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { FileName.text($0.prefix { $0 != 0 }) }
        if !name.hasPrefix("."), name.hasPrefix(prefix) { names.append(name) }
      }
      return names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    /// The last part of what a link points to; nil: it is none.
    static func linkName(_ path: String) -> String? {
      FileLink.target(path)?.split(separator: UInt8(ascii: "/")).last.map { FileName.text($0) }
    }

    /// A short text of /sys, once; nil: it cannot be read or is empty.
    static func text(_ path: String) -> String? {
      guard let bytes = SysFile(path).copy(), !bytes.isEmpty else { return nil }
      return FileName.text(bytes)
    }
  }

  extension SysFile {
    fileprivate func copy() -> [UInt8]? { read().map { Array($0) } }
  }
#endif
