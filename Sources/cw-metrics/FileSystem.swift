internal import Unix

/// A mounted local file system.
struct FileSystem: Equatable {
  /// Its mount points, as bytes of paths: the first names it, the others are used if that one is not accessible or is a
  /// single file, as `/etc/hosts` in containers.
  var mountPoints: [[UInt8]]

  /// How full one is.
  struct Usage: Equatable {
    /// The mount point, as CloudWatch takes it.
    var path: String
    /// As in df(1), 0 to 100: the used space relative to the used space and what users other than root can still get.
    var utilization: Double
  }

  /// File systems on a disk or flash memory of this machine that the kernel implements: statvfs(3) does not wait for
  /// another machine, or for a program as with FUSE, which may never answer.
  private static let localTypes: Set<String> = [
    "bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "hfs", "hfsplus", "jffs2", "jfs", "msdos", "nilfs2", "ntfs",
    "ntfs3", "reiserfs", "ubifs", "ufs", "vfat", "xfs",
  ]

  /// Further types of root file systems: in containers, on live systems, on a card that an overlay protects.
  private static let rootTypes: Set<String> = localTypes.union([
    "aufs", "overlay", "overlayfs", "ramfs", "rootfs", "tmpfs", "zfs",
  ])

  /// Whether a type is one of those.
  static func isLocal(_ type: UnsafeRawBufferPointer) -> Bool { localTypes.contains(type.text) }

  /// Parses `/proc/self/mounts`: the root file system and each local one on a device, once however often it is mounted;
  /// nil if the file is not as in fstab(5).
  static func parse(mounts: UnsafeRawBufferPointer) -> [FileSystem]? {
    var entries: [Mount] = []
    var indexes: [[UInt8]: Int] = [:]
    for line in Lines(mounts) {
      guard let entry = Mount(line) else { return nil }
      // A later mount hides an earlier one at the same mount point.
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

  // Bind mounts and subvolumes repeat a device; its first mount point names it, unless it is also mounted as the root.
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

  /// Decodes a word of fstab(5), in which `\040` is a space, and so on for every byte that would end the word.
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
