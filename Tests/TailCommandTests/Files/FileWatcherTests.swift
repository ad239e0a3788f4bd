import Testing

@testable internal import TailCommand
internal import TestSupport
internal import Unix

#if os(Linux)
  @Suite final class FileWatcherTests {
    private let folder: TemporaryFolder
    private let watcher = FileWatcher()

    init() throws { folder = try TemporaryFolder() }

    private func watch(_ name: String) throws -> FileWatch {
      let file = open(folder.file(name), O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
      try #require(file >= 0)
      defer { close(file) }
      return try #require(watcher.watch(file))
    }

    @Test func aWatchTellsOfOneChange() throws {
      let (first, second) = (try watch("a"), try watch("b"))
      watcher.take()
      #expect(first.isSilent && second.isSilent)
      try folder.append("a", "one")
      try folder.append("a", "two")
      watcher.take()
      #expect(!first.isSilent && second.isSilent)
      #expect(watcher.count == 1)
      // By whatever name.
      try folder.rename("b", to: "c")
      watcher.take()
      #expect(!second.isSilent)
      #expect(watcher.count == 0)
    }

    @Test func theEndOfAWatchIsNotTheEndOfALaterOneOfTheSameFile() throws {
      var first: FileWatch? = try watch("a")
      let second = try watch("a")
      #expect(watcher.count == 1)
      withExtendedLifetime(first) {}
      first = nil
      try folder.append("a", "one")
      watcher.take()
      #expect(!second.isSilent)
    }

    @Test func aFileSystemThatIsNoDiskOfOursTellsNothing() throws {
      let file = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
      defer { close(file) }
      #expect(!FileWatcher.isLocal(file))
      #expect(!FileWatcher.isLocal(-1))
    }

    @Test func aWatchEndsWithItsOwner() throws {
      _ = try watch("a")
      #expect(watcher.count == 0)
      watcher.take()
      try folder.append("a", "one")
      var waiting = [pollfd(fd: try #require(watcher.descriptor), events: Int16(POLLIN), revents: 0)]
      #expect(poll(&waiting, 1, 0) == 0)
    }

    @Test func moreChangesThanCanBeToldAreTold() throws {
      let text = try String(decoding: TextFile.read("/proc/sys/fs/inotify/max_queued_events").dropLast(), as: UTF8.self)
      // Two events each: the change and the end of the watch.
      let count = try #require(Int(text)) / 2 + 10
      guard count < 20_000 else { return }
      // The last ones are not watched if the user may not have so many watches.
      var watches: [FileWatch] = []
      for number in 0..<count {
        let file = open(folder.file("\(number)"), O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        guard let watch = watcher.watch(file) else { return }
        watches.append(watch)
      }
      for number in 0..<count { try folder.append("\(number)", "one") }
      watcher.take()
      let silent = watches.count { $0.isSilent }
      #expect(silent == 0)
      watches = []
      #expect(watcher.count == 0)
    }
  }
#endif
