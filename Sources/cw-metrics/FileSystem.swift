internal import Unix

/// A mounted local file system.
struct FileSystem: Equatable {
  /// Where it can be reached, as bytes of paths: the first is the one that it is known by, the others stand in for it when
  /// that one is out of reach or is a single file (containers mount `/etc/hosts` so).
  var mountPoints: [[UInt8]]

  /// How full one is.
  struct Usage: Equatable {
    /// The mount point.
    var path: String
    /// As `df` has it, 0 to 100: what is used, of that and what users other than root can still get.
    var utilization: Double

    /// Nil for a file system without blocks, such as an empty `ramfs`, of which there is nothing to tell.
    ///
    /// - Parameters: in blocks, the fields of statvfs(3).
    init?(path: String, blocks: UInt64, free: UInt64, available: UInt64) {
      let used = Double(blocks) - Double(free)
      let reachable = used + Double(available)
      guard used >= 0, reachable > 0 else { return nil }
      self.path = path
      utilization = 100 * used / reachable
    }
  }

  /// Kept on a disk or flash of this machine and run by the kernel: asking one of these how full it is does not wait for
  /// another machine or for a program (as FUSE does), which may never answer.
  private static let localTypes: Set<String> = [
    "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "hfs", "hfsplus", "jffs2", "jfs", "msdos", "nilfs2", "ntfs",
    "ntfs3", "reiserfs", "ubifs", "ufs", "vfat", "xfs",
  ]

  /// What else a root file system may be: in containers, on live systems, on a card that is protected by an overlay.
  private static let rootTypes: Set<String> = localTypes.union([
    "aufs", "overlay", "overlayfs", "ramfs", "rootfs", "tmpfs", "zfs",
  ])

  /// Understands `/proc/self/mounts` (fstab(5)): the root file system, and each local one that lies on a device, once
  /// however often it is mounted; nil if the file is not what fstab(5) says.
  static func parse(mounts: UnsafeRawBufferPointer) -> [FileSystem]? {
    var entries: [Mount] = []
    var indexes: [[UInt8]: Int] = [:]
    for line in Lines(mounts) {
      guard let entry = Mount(line) else { return nil }
      // Of two at one mount point the later lies on top.
      if let offset = indexes[entry.mountPoint] {
        entries[offset] = entry
      } else {
        indexes[entry.mountPoint] = entries.count
        entries.append(entry)
      }
    }
    return group(entries.filter(isWanted))
  }

  private static func isWanted(_ mount: Mount) -> Bool {
    if mount.mountPoint == root { return rootTypes.contains(mount.type) }
    return localTypes.contains(mount.type) && !mount.source.hasPrefix("/dev/loop")
  }

  // Bind mounts and subvolumes show the same device again; the first mount is the one that was meant, unless it is also
  // the root.
  private static func group(_ mounts: [Mount]) -> [FileSystem] {
    var systems: [FileSystem] = []
    var indexes: [String: Int] = [:]
    for mount in mounts {
      if let offset = indexes[mount.source] {
        let first = mount.mountPoint == root ? 0 : systems[offset].mountPoints.count
        systems[offset].mountPoints.insert(mount.mountPoint, at: first)
      } else {
        indexes[mount.source] = systems.count
        systems.append(FileSystem(mountPoints: [mount.mountPoint]))
      }
    }
    return systems
  }

  private static let root = [UInt8(ascii: "/")]

  /// One line of `/proc/self/mounts`.
  private struct Mount {
    let source: String
    let mountPoint: [UInt8]
    let type: String

    init?(_ line: UnsafeRawBufferPointer) {
      var fields = FieldScanner(line)
      guard let source = fields.word(), let mountPoint = fields.word(), let type = fields.word() else { return nil }
      self.source = source.text
      self.mountPoint = FileSystem.unescaped(mountPoint)
      self.type = type.text
    }
  }

  /// A word of fstab(5) as it was: `\040` is a space, and so on for every byte that would end the word.
  static func unescaped(_ word: UnsafeRawBufferPointer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(word.count)
    var offset = 0
    while offset < word.count {
      if word[offset] == UInt8(ascii: "\\"), offset + 3 < word.count, let byte = octal(word.part(offset + 1..<offset + 4)) {
        bytes.append(byte)
        offset += 4
      } else {
        bytes.append(word[offset])
        offset += 1
      }
    }
    return bytes
  }

  private static func octal(_ digits: UnsafeRawBufferPointer) -> UInt8? {
    var value = 0
    for byte in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { return nil }
      value = value * 8 + Int(byte - UInt8(ascii: "0"))
    }
    return UInt8(exactly: value)
  }
}
