internal import Records
internal import Unix

/// The order in which the journal is read, a run of `journalctl` for each step.
///
/// A run sees the files that are there when it begins, and those that come later only when it has read all others; between two runs
/// files may go. So nothing is taken from a run unless the files are the same as when the entry where we stand was found there: when
/// they have changed, it is looked for again, and if it is gone, a gap says so. And catching up ends at the entry that was the newest
/// when it began: another file may by then hold older ones than those that come next.
///
/// Boots are read one by one, the present one last and from its start. `journalctl` orders them by the wall clock where files have
/// different sequence number ids, and the clock of a later boot may be behind. Within a boot the monotonic clock orders all.
extension Journal {
  enum Phase: Equatable {
    /// Is the entry where we stand still there?
    case checkingCursor
    /// Can anything be read?
    case checkingJournal
    /// Which one is the newest of this boot, wanted or not?
    case lookingAtNewest
    /// Reads an earlier boot to its end.
    case readingBoot(String)
    /// Which other boot comes next?
    case findingBoot
    /// Reads this boot up to `newest`.
    case catchingUp
    /// Reads all boots in the journal's own order, where no cursor tells which boot we are in.
    case readingAll
    case following
  }

  /// Goes on from where we stand.
  func begin() {
    guard isExamined || examineStorage() else { return }
    isExamined = true
    guard let position else { return go(to: .lookingAtNewest) }
    guard let boot = position.boot else { return go(to: isInJournalOrder ? .following : .readingAll) }
    if boot == presentBoot || isInJournalOrder { return go(to: .lookingAtNewest) }
    go(to: finishedBoots.contains(boot) ? .findingBoot : .readingBoot(boot))
  }

  // Takes a step from an entry that is sure to be there.
  private func go(to step: Phase) {
    let stamp = storage.stamp
    let isSure = cursor.isEmpty || isLost || stamp == checkedStamp
    checkedStamp = stamp
    next = step
    run(isSure ? step : .checkingCursor)
  }

  /// Begins the step again if files came or went since the entry where we stand was found.
  func isStale() -> Bool {
    guard drainsUpTo == nil, checkedStamp != storage.stamp else { return false }
    if step == .following { setFollowerAside() }
    if step == .following || step == .lookingAtNewest { begin() } else { go(to: step) }
    return true
  }

  private var storage: JournalStorage { JournalStorage(root: root, namespace: query.namespace) }

  func arguments(_ step: Phase) -> [String] {
    switch step {
    case .checkingCursor: query.look(at: .cursor(cursor.text), boot: position?.boot)
    case .checkingJournal: query.look(at: nil, boot: nil)
    case .lookingAtNewest: query.look(at: nil, boot: presentBoot)
    case .readingBoot(let boot): query.arguments(from: origin(in: boot), boot: boot, follows: false)
    case .findingBoot, .readingAll: query.arguments(from: origin(in: nil), boot: nil, follows: false)
    case .catchingUp, .following: query.arguments(from: origin(in: presentBoot), boot: presentBoot, follows: step == .following)
    }
  }

  private func origin(in boot: String?) -> JournalQuery.Origin {
    guard let position else { return .start }
    if position.cursor.isEmpty { return .time(position.time) }
    return boot == nil || boot == position.boot || isInJournalOrder ? .cursor(position.cursor) : .start
  }

  // MARK: - what comes

  func look(at entry: JournalEntry, _ writer: LogRecordWriter) {
    switch step {
    case .checkingCursor:
      guard entry.cursor.equals(cursor.bytes) else { return cursorIsLost(nearest: entry.monotonicTime) }
      run(next)
    case .checkingJournal: cursorIsRefused()
    case .lookingAtNewest: newestIs((entry.cursor.text, entry.time, entry.monotonicTime), writer)
    case .findingBoot:
      guard let boot = entry.boot?.text, boot != presentBoot, !finishedBoots.contains(boot) else { return }
      go(to: .readingBoot(boot))
    case .catchingUp:
      if let newest, entry.monotonicTime > newest.monotonicTime { haveCaughtUp(writer) } else { take(entry, writer) }
    case .following:
      if let drainsUpTo, entry.monotonicTime >= drainsUpTo { endDraining() } else { take(entry, writer) }
    case .readingBoot, .readingAll: take(entry, writer)
    }
  }

  /// Its run has come to a good end.
  func finished(_ writer: LogRecordWriter) {
    switch step {
    // There is nothing at the cursor nor behind it.
    case .checkingCursor: cursorIsLost(nearest: .max)
    case .checkingJournal: cursorIsRefused()
    case .lookingAtNewest: newestIs(nil, writer)
    case .readingBoot(let boot):
      finishedBoots.insert(boot)
      go(to: .findingBoot)
    case .findingBoot: go(to: .lookingAtNewest)
    case .catchingUp: haveCaughtUp(writer)
    case .readingAll:
      isInJournalOrder = true
      haveCaughtUp(writer)
    case .following: break
    }
  }

  private func newestIs(_ entry: (cursor: String, time: Int64, monotonicTime: Int64)?, _ writer: LogRecordWriter) {
    newest = entry
    if position == nil, start == .end, !isLost, entry == nil { setPosition(cursor: nil, time: startTime) }
    let isAtStart = position == nil && (start == .start || isLost)
    guard let entry, isAtStart || position != nil, entry.cursor != position?.cursor else { return haveCaughtUp(writer) }
    run(.catchingUp)
  }

  // All up to the newest entry is read, and it is the position: of what is wanted, nothing may have come for long.
  private func haveCaughtUp(_ writer: LogRecordWriter) {
    // From now on the time is the position, if there is no other, so that this is said once.
    if isLost {
      appendGap(writer, timestamp: Clock.realtimeMilliseconds())
      setPosition(cursor: nil, time: time ?? startTime)
    }
    if let newest, newest.cursor != position?.cursor {
      var cursor = newest.cursor
      cursor.withUTF8 { setPosition(cursor: UnsafeRawBufferPointer($0), time: newest.time) }
    }
    newest = nil
    if once { return end(nil) }
    if checkedStamp == storage.stamp { run(.following) } else { go(to: .lookingAtNewest) }
  }

  // MARK: - what is gone

  // The entry where we stood has been removed, and who knows how many behind it. `--cursor` then begins at the nearest one.
  private func cursorIsLost(nearest: Int64) {
    guard storage.isReadable else {
      // It may be there, but not for us. Once we may read it, nothing is lost.
      return tryLater("the journal can not be read from where it was left")
    }
    if drainFollower(upTo: nearest) { return }
    reportLost()
    run(next)
  }

  private func cursorIsRefused() {
    reportLost()
    forgetCursor()
    next = .readingAll
    run(.readingAll)
  }

  // MARK: - where it is

  private func examineStorage() -> Bool {
    let storage = storage
    guard storage.isPersistent || storage.isVolatile else {
      if let namespace = query.namespace, !once {
        // journald begins one when the first of its units is started.
        if !isAwaited { onTrouble("there is no journal of the namespace \(namespace) yet; it is read when it comes") }
        isAwaited = true
        wait(seconds: 10)
        return false
      }
      let location = query.namespace.map { " in a folder that ends with .\($0)" } ?? ""
      end("no journal here (there is nothing in /var/log/journal and /run/log/journal\(location)); it is not followed")
      return false
    }
    guard presentBoot != nil else {
      end("no journal here (/proc/sys/kernel/random/boot_id, by which it is read, is missing); it is not followed")
      return false
    }
    if !storage.isReadable {
      onTrouble("this user sees only its own entries of the journal; add it to the group systemd-journal or adm")
    } else if !storage.isPersistent {
      onTrouble("the journal is kept in memory only, and what is not sent before a reboot is lost; mkdir /var/log/journal keeps it")
    }
    return true
  }
}
