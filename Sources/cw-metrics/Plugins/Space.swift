#if os(Linux)
  internal import Unix

  /// How full a file system is: the fields of statvfs(3).
  struct Space: Equatable {
    var blockSize: UInt64
    var blocks: UInt64
    var free: UInt64
    /// To users other than root.
    var available: UInt64
    var inodes: UInt64
    var freeInodes: UInt64

    /// Nil where the kernel says something that cannot be.
    func value(_ field: DiskPlugin.Field) -> Double? {
      guard free <= blocks else { return nil }
      let size = Double(blockSize)
      let used = Double(blocks - free)
      let reachable = used + Double(available)
      let usedInodes = freeInodes <= inodes ? Double(inodes - freeInodes) : nil
      return switch field {
      case .free: Double(available) * size
      case .inodesFree: Double(freeInodes)
      case .inodesTotal: Double(inodes)
      case .inodesUsed: usedInodes
      case .total: Double(blocks) * size
      case .used: used * size
      case .usedPercent: reachable > 0 ? 100 * used / reachable : nil
      }
    }

    /// Asks the kernel; nil if another file system is found at the path than the one that is meant, which something hides, and if the
    /// path is no directory.
    /// - Parameters:
    ///   - path: ends with a zero byte.
    ///   - device: that of the file system; nil: any.
    /// - Throws: `SystemError`.
    init?(path: [UInt8], device: UInt64?) throws {
      var status = stat()
      var space = statvfs()
      let code: Int32 = path.withUnsafeBytes { bytes in
        guard let name = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return ENOENT }
        guard stat(name, &status) == 0, statvfs(name, &space) == 0 else { return errno }
        return 0
      }
      guard code == 0 else {
        throw SystemError("see how full \(String(decoding: path.dropLast(), as: UTF8.self).printable) is", code: code)
      }
      guard status.st_mode & S_IFMT == S_IFDIR else { return nil }
      if let device, UInt64(status.st_dev) != device { return nil }
      blockSize = UInt64(space.f_frsize)
      blocks = UInt64(space.f_blocks)
      free = UInt64(space.f_bfree)
      available = UInt64(space.f_bavail)
      inodes = UInt64(space.f_files)
      freeInodes = UInt64(space.f_ffree)
    }

    init(blockSize: UInt64, blocks: UInt64, free: UInt64, available: UInt64, inodes: UInt64, freeInodes: UInt64) {
      self.blockSize = blockSize
      self.blocks = blocks
      self.free = free
      self.available = available
      self.inodes = inodes
      self.freeInodes = freeInodes
    }

    /// Whether all directories of a file system have its device number: a subvolume has its own.
    static func hasOneDevice(_ type: String) -> Bool { type != "bcachefs" && type != "btrfs" }
  }
#endif
