internal import Unix

/// The scan of every second, which costs next to nothing while nothing happens: an unchanged folder has the same files as before, and a
/// quiet file is watched. Neither is reliable everywhere, so a full scan follows from time to time.
extension Follower {
  /// Nanoseconds between two full scans.
  static let fullInterval: Int64 = 20_000_000_000
  /// Nanoseconds without a change after which a file is watched.
  private static let quietAfter: Int64 = 10_000_000_000

  /// Paths that the patterns find and that are no logs, such as rotated files: each quick scan visits some of them.
  struct OtherPaths {
    fileprivate var paths: [String] = []
    private var next = 0

    /// The least number for a scan, and the number of scans for all.
    private static let (leastCount, times) = (100, 10)

    fileprivate mutating func take() -> ArraySlice<String> {
      if next >= paths.count { next = 0 }
      let end = min(next + max(Self.leastCount, paths.count / Self.times + 1), paths.count)
      defer { next = end }
      return paths[next..<end]
    }
  }

  /// Visits what may have changed since the last scan; a full scan if a folder has changed, or one is due.
  /// - Returns: whether a file was opened.
  @discardableResult
  func quickScan() -> Bool {
    watcher.take()
    watchQuietFiles()
    let began = options.realtime()
    guard !isFirstScan, !needsScan, options.monotonic() - lastFullScan < Self.fullInterval, FolderListings.hold(folders) else {
      return scan()
    }
    let openedBefore = openedCount
    listings.refresh()
    let changing = logs.filter { $0.isFound && ($0.isLink || $0.live == nil) }.map(\.path)
    adopt((changing + otherPaths.take()).compactMap { path in visit(path).map { (path, $0) } })
    examine()
    lookAgain()
    releaseHeld()
    lastScan = began
    return openedCount != openedBefore
  }

  /// Notes the result of a full scan for the quick ones that follow.
  /// - Parameter paths: all paths that the patterns found.
  func notePaths(_ paths: [String]) {
    otherPaths.paths = []
    for log in logs { log.isFound = false }
    for path in paths {
      guard let log = logsByPath[Array(path.utf8)] else {
        otherPaths.paths.append(path)
        continue
      }
      (log.isFound, log.isLink) = (true, listings.isLink(path))
    }
  }

  // Watches the files that are quiet. Each is checked after its watch has begun, so that no change falls in between.
  private func watchQuietFiles() {
    let moment = options.monotonic() - Self.quietAfter
    for log in logs where !log.isWatchUnreliable && !log.isWatched {
      guard log.files.count == 1, let file = log.live, let content = file.content as? FileByteSource else { continue }
      // It changed a second ago, and there is still no event: watching does not work for it.
      if file.hasMissedChange, file.watch?.isSilent == true { log.isWatchUnreliable = true }
      file.watch = nil
      guard !log.isWatchUnreliable, file.isQuiet(log.assembler.isMultiLine, since: moment) else { continue }
      guard content.withDescriptor(FileWatcher.isLocal) else {
        log.isWatchUnreliable = true
        continue
      }
      guard let watch = content.withDescriptor(watcher.watch) else { return }
      if let status = try? content.status(), file.isReadThrough(status) { file.watch = watch }
    }
  }
}
