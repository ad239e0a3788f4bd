internal import Unix

/// What is done every second, and costs next to nothing while nothing happens: a folder that has not changed has no other files than
/// before, and a quiet file tells when it changes. Now and then all is looked at nevertheless, since neither is sure.
extension Follower {
  /// Nanoseconds between two looks at everything.
  static let fullInterval: Int64 = 20_000_000_000
  /// Nanoseconds without a change after which a file is watched.
  private static let quietAfter: Int64 = 10_000_000_000

  /// Paths that patterns find and that are no logs, such as older files of one: they are looked at in turn.
  struct Others {
    fileprivate var paths: [String] = []
    private var next = 0

    /// So many at least at a time, and all within so many times.
    private static let (leastCount, times) = (100, 10)

    fileprivate mutating func take() -> ArraySlice<String> {
      if next >= paths.count { next = 0 }
      let end = min(next + max(Self.leastCount, paths.count / Self.times + 1), paths.count)
      defer { next = end }
      return paths[next..<end]
    }
  }

  /// Looks at what may have changed, a second after the last look.
  /// - Returns: whether a file was opened.
  @discardableResult
  func look() -> Bool {
    watcher.take()
    watchQuietFiles()
    let began = options.realtime()
    guard !isFirstScan, !needsScan, options.monotonic() - lastFullScan < Self.fullInterval, FolderListings.hold(folders) else {
      return scan()
    }
    let openedBefore = openedCount
    listings.refresh()
    let changing = logs.filter { $0.isFound && ($0.isLink || $0.live == nil) }.map(\.path)
    adopt((changing + others.take()).compactMap { path in visit(path).map { (path, $0) } })
    examine()
    lookAgain()
    releaseHeld()
    lastScan = began
    return openedCount != openedBefore
  }

  /// - Parameter paths: all that are found.
  func notePaths(_ paths: [String]) {
    others.paths = []
    for log in logs { log.isFound = false }
    for path in paths {
      guard let log = logsByPath[Array(path.utf8)] else {
        others.paths.append(path)
        continue
      }
      (log.isFound, log.isLink) = (true, listings.isLink(path))
    }
  }

  // Each is asked once more, so that nothing falls between the last look and the watch.
  private func watchQuietFiles() {
    let moment = options.monotonic() - Self.quietAfter
    for log in logs where !log.isUntold && !log.isWatched {
      guard log.files.count == 1, let file = log.live, let content = file.content as? FileByteSource else { continue }
      // A second later it would have been told.
      if file.isDoubted, file.watch?.isSilent == true { log.isUntold = true }
      file.watch = nil
      guard !log.isUntold, file.isQuiet(log.assembler.isMultiLine, since: moment) else { continue }
      guard content.withDescriptor(FileWatcher.isLocal) else {
        log.isUntold = true
        continue
      }
      guard let watch = content.withDescriptor(watcher.watch) else { return }
      if let status = try? content.status(), file.isReadThrough(status) { file.watch = watch }
    }
  }
}
