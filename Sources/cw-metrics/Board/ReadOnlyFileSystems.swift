internal import Unix

/// Local file systems that cannot be written to, as after an error with `errors=remount-ro`.
enum ReadOnlyFileSystems {
  /// Parses `/proc/self/mountinfo`: the mount points of local file systems on a device that are read-only, each device once; nil if the
  /// file is not as in proc(5).
  ///
  /// The state of the file system counts, which stands at the end of a line, not that of the mount: systemd shows a service with
  /// `ProtectSystem=` a read-only view of what is not.
  ///
  /// - Parameter intended: mount points at which fstab(5) wants it so.
  static func parse(mountinfo: UnsafeRawBufferPointer, intended: Set<[UInt8]>) -> [[UInt8]]? {
    var devices: Set<[UInt8]> = []
    // Of devices one of whose mount points is intended to be read-only.
    var excused: Set<[UInt8]> = []
    var readOnly: [(device: [UInt8], mountPoint: [UInt8])] = []
    for line in Lines(mountinfo) {
      guard let mount = MountLine(line) else { return nil }
      guard isReadOnly(mount.options), FileSystem.isLocal(mount.type), mount.source.first == UInt8(ascii: "/"),
        !mount.source.starts(with: "/dev/loop")
      else { continue }
      let device = Array(mount.device)
      let mountPoint = FileSystem.unescaped(mount.mountPoint)
      if intended.contains(mountPoint) { excused.insert(device) }
      if devices.insert(device).inserted { readOnly.append((device, mountPoint)) }
    }
    return readOnly.filter { !excused.contains($0.device) }.map(\.mountPoint)
  }

  /// Parses `/etc/fstab`: the mount points with the option `ro`. Lines that are none are passed over.
  static func parse(fstab: UnsafeRawBufferPointer) -> Set<[UInt8]> {
    var mountPoints: Set<[UInt8]> = []
    for line in Lines(fstab) {
      var fields = FieldScanner(line)
      guard let source = fields.word(), source.first != UInt8(ascii: "#"), let mountPoint = fields.word(), fields.word() != nil,
        let options = fields.word(), has("ro", options)
      else { continue }
      mountPoints.insert(FileSystem.unescaped(mountPoint))
    }
    return mountPoints
  }

  // Since Linux 6.15 (and 6.12, later on) ext4 shows what an error has done by a word of its own, and stays `rw`.
  private static func isReadOnly(_ options: UnsafeRawBufferPointer) -> Bool {
    has("ro", options) || has("emergency_ro", options) || has("shutdown", options)
  }

  /// Whether a word is one of those between commas.
  private static func has(_ word: StaticString, _ options: UnsafeRawBufferPointer) -> Bool {
    var start = 0
    while start <= options.count {
      let end = options.firstIndex(of: UInt8(ascii: ","), from: start) ?? options.count
      if options.part(start..<end).equals(word) { return true }
      start = end + 1
    }
    return false
  }
}
