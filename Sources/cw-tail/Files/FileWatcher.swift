internal import CUnix
internal import Unix

/// Watches quiet files with inotify(7), so that they need not be polled; on other systems than Linux nothing is watched.
///
/// An event is a reason to read, but its absence proves nothing: writes through mmap(2) or by another machine cause no event, and watches
/// are limited. So all files are polled now and then in spite of it.
final class FileWatcher {
  /// Becomes readable when a file has changed; nil: nothing is watched.
  private(set) var descriptor: Int32?
  private var watches: [Int32: Entry] = [:]
  private var limit: Int

  private struct Entry { weak var watch: FileWatch? }

  /// - Parameter limit: how many files are watched at most.
  init(limit: Int = .max) { self.limit = limit }

  deinit { if let descriptor { close(descriptor) } }

  var count: Int { watches.count }

  /// Handles the events since the last call.
  func take() {
    #if os(Linux)
      guard let descriptor else { return }
      withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: MemoryLayout<inotify_event>.alignment) { memory in
        while true {
          let count = read(descriptor, memory.baseAddress, memory.count)
          guard count > 0 else { return }
          note(UnsafeRawBufferPointer(memory).part(0..<count))
        }
      }
    #endif
  }

  #if os(Linux)
    private func note(_ events: UnsafeRawBufferPointer) {
      let size = MemoryLayout<inotify_event>.size
      var start = 0
      while start + size <= events.count {
        let event = events.loadUnaligned(fromByteOffset: start, as: inotify_event.self)
        start += size + Int(event.len)
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
          // Events were lost, of whichever files.
          for entry in watches.values { entry.watch?.isSilent = false }
        } else {
          // IN_ONESHOT: a watch ends with its first event.
          watches.removeValue(forKey: event.wd)?.watch?.isSilent = false
        }
      }
    }

    /// Events of the file itself, whatever its name. Each watch reports one event (IN_ONESHOT), so that a busy file cannot fill the queue.
    private static let events = UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF) | 1 << 31

    // Watches are limited for each user, and root shares them with systemd: this program takes at most half.
    private func open() -> Int32? {
      if let descriptor { return descriptor }
      let granted = (try? TextFile.read("/proc/sys/fs/inotify/max_user_watches")).map { String(decoding: $0.dropLast(), as: UTF8.self) }
      limit = min(limit, (granted.flatMap { Int($0) } ?? 8192) / 2)
      let opened = inotify_init1(Int32(O_NONBLOCK | O_CLOEXEC))
      descriptor = opened < 0 ? nil : opened
      return descriptor
    }
  #endif

  /// Whether an open file is on a file system that only this machine can write to, so that inotify sees its changes.
  static func isLocal(_ file: Int32) -> Bool {
    #if os(Linux)
      return localFileSystems.contains(cw_file_system(file))
    #else
      return false
    #endif
  }

  /// From <linux/magic.h>: ext2 to ext4, XFS, Btrfs, tmpfs, ramfs, F2FS, bcachefs, JFS, NILFS2, UBIFS, JFFS2, MS-DOS, exFAT; ZFS.
  private static let localFileSystems: Set<UInt> = [
    0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x8584_58F6, 0xF2F5_2010, 0xCA45_1A4E, 0x3153_464A, 0x3434, 0x2405_1905, 0x72B6, 0x4D44,
    0x2011_BAB0, 0x2FC1_2FC1,
  ]

  /// Watches an open file from now on.
  /// - Returns: the watch, which ends when it is released; nil if the file cannot be watched now.
  func watch(_ file: Int32) -> FileWatch? {
    #if os(Linux)
      guard let descriptor = open(), watches.count < limit else { return nil }
      let number = inotify_add_watch(descriptor, "/proc/self/fd/\(file)", Self.events)
      guard number >= 0 else { return nil }
      let watch = FileWatch(number, self)
      watches[number] = Entry(watch: watch)
      return watch
    #else
      return nil
    #endif
  }

  fileprivate func end(_ number: Int32) {
    #if os(Linux)
      // The same file may be watched again by now, under the same number.
      guard let descriptor, let entry = watches[number], entry.watch == nil else { return }
      watches[number] = nil
      inotify_rm_watch(descriptor, number)
    #endif
  }
}

/// Watches a file for as long as this object lives.
final class FileWatch {
  /// Whether there was no event yet.
  fileprivate(set) var isSilent = true
  private let number: Int32
  private weak var watcher: FileWatcher?

  fileprivate init(_ number: Int32, _ watcher: FileWatcher) { (self.number, self.watcher) = (number, watcher) }

  deinit { watcher?.end(number) }
}
