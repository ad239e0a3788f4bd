internal import Unix

/// What is mounted at one place.
struct Mount: Equatable {
  /// `MAJOR:MINOR`.
  var device: String
  /// The directory of the file system that is mounted.
  var root: [UInt8]
  var mountPoint: [UInt8]
  var type: String
  var source: [UInt8]
  /// Of the file system.
  var options: String

  init(_ line: MountLine) {
    device = line.device.text
    root = FileSystem.unescaped(line.root)
    mountPoint = FileSystem.unescaped(line.mountPoint)
    type = line.type.text
    source = FileSystem.unescaped(line.source)
    options = line.options.text
  }

  /// As stat(2) has it; nil if it is none.
  var deviceNumber: UInt64? {
    let parts = device.split(separator: ":")
    guard parts.count == 2, let major = UInt64(parts[0]), let minor = UInt64(parts[1]) else { return nil }
    // As makedev(3) puts them together.
    return (major & 0xFFF) << 8 | (major & 0xFFFF_F000) << 32 | minor & 0xFF | (minor & 0xFFFF_FF00) << 12
  }

  /// What is mounted where, in the kernel's order: of several at one mount point the last, which hides the others; nil if the file is
  /// not as in proc(5).
  static func parse(mountinfo: UnsafeRawBufferPointer) -> [Mount]? {
    var mounts: [Mount] = []
    var indexes: [[UInt8]: Int] = [:]
    for line in Lines(mountinfo) {
      guard let mount = MountLine(line).map(Mount.init) else { return nil }
      if let index = indexes[mount.mountPoint] {
        mounts[index] = mount
      } else {
        indexes[mount.mountPoint] = mounts.count
        mounts.append(mount)
      }
    }
    return mounts.isEmpty ? nil : mounts
  }

  /// Without the directories that are bound to themselves, as systemd does in a service to make them writable: each is a part of
  /// another mount of the same device, at the same path.
  static func withoutSelfBinds(_ mounts: [Mount]) -> [Mount] {
    mounts.filter { mount in
      !mounts.contains { whole in
        whole.device == mount.device && whole.mountPoint.count < mount.mountPoint.count
          && path(mount.root, below: whole.root).map { joined(whole.mountPoint, $0) == mount.mountPoint } ?? false
      }
    }
  }

  // What is behind a directory in the path of something in it; nil if it is not in it.
  private static func path(_ path: [UInt8], below directory: [UInt8]) -> ArraySlice<UInt8>? {
    if directory == slash { return path.dropFirst() }
    guard path.starts(with: directory), path.count > directory.count, path[directory.count] == slash[0] else { return nil }
    return path[(directory.count + 1)...]
  }

  private static func joined(_ directory: [UInt8], _ name: ArraySlice<UInt8>) -> [UInt8] {
    (directory == slash ? slash : directory + slash) + name
  }

  private static let slash = [UInt8(ascii: "/")]
}
