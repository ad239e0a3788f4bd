internal import Config
internal import Records
internal import Unix

/// The phases in which the journal is read, each by a run of `journalctl`.
///
/// A run sees the files that exist when it begins, and later ones only when it has read all others; files may be removed between two runs.
/// So entries of a run count only if the files are the same as when the entry at the cursor was found there. If they have changed, that
/// entry is searched for again, and if it is gone, a gap is reported. Catching up ends at the entry that was the newest when it began: a
/// file that is new by then may have older entries than those that follow.
///
/// Boots are read one by one, the present one last and from its start. `journalctl` orders them by the wall clock if files have different
/// sequence number IDs, and the clock of a later boot may be behind. Within a boot the monotonic clock orders all entries.
extension Journal {
  enum Phase: Equatable {
    /// Does the entry at the cursor still exist?
    case checkingCursor
    /// Can anything be read at all?
    case checkingJournal
    /// Which entry is the newest of this boot, selected or not?
    case lookingAtNewest
    /// Reads an earlier boot to its end.
    case readingBoot(String)
    /// Which other boot comes next?
    case findingBoot
    /// Reads this boot up to `newest`.
    case catchingUp
    /// Reads all boots in the order of `journalctl`, if no cursor tells which boot was read last.
    case readingAll
    case following
  }

  /// Goes on from the position.
  func begin() {
    guard isExamined || examineStorage() else { return }
    isExamined = true
    guard let position else { return go(to: .lookingAtNewest) }
    guard let boot = position.boot else { return go(to: isInJournalOrder ? .following : .readingAll) }
    if boot == presentBoot || isInJournalOrder { return go(to: .lookingAtNewest) }
    go(to: finishedBoots.contains(boot) ? .findingBoot : .readingBoot(boot))
  }

  // Begins a phase, after a check that the entry at the cursor exists if files have changed.
  private func go(to phase: Phase) {
    let stamp = storage.stamp
    let isSure = cursor.isEmpty || isLost || stamp == checkedStamp
    checkedStamp = stamp
    next = phase
    run(isSure ? phase : .checkingCursor)
  }

  /// Begins the phase again if files came or went since the entry at the cursor was found.
  /// - Returns: whether it did.
  func isStale() -> Bool {
    guard drainsUpTo == nil, checkedStamp != storage.stamp else { return false }
    if phase == .following { setFollowerAside() }
    if phase == .following || phase == .lookingAtNewest { begin() } else { go(to: phase) }
    return true
  }

  private var storage: JournalStorage { JournalStorage(root: root, namespace: selection.namespace) }

  func arguments(_ phase: Phase) -> [String] {
    switch phase {
    case .checkingCursor: selection.probe(at: .cursor(cursor.text), boot: position?.boot)
    case .checkingJournal: selection.probe(at: nil, boot: nil)
    case .lookingAtNewest: selection.probe(at: nil, boot: presentBoot)
    case .readingBoot(let boot): selection.arguments(from: origin(in: boot), boot: boot, follows: false)
    case .findingBoot, .readingAll: selection.arguments(from: origin(in: nil), boot: nil, follows: false)
    case .catchingUp, .following: selection.arguments(from: origin(in: presentBoot), boot: presentBoot, follows: phase == .following)
    }
  }

  private func origin(in boot: String?) -> JournalSelection.Origin {
    guard let position else { return .start }
    if position.cursor.isEmpty { return .time(position.time) }
    return boot == nil || boot == position.boot || isInJournalOrder ? .cursor(position.cursor) : .start
  }

  // MARK: - entries

  func handle(_ entry: JournalEntry, _ writer: LogRecordWriter) {
    switch phase {
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

  /// Goes on after a run that ended successfully.
  func finished(_ writer: LogRecordWriter) {
    switch phase {
    // There is no entry at the cursor or after it.
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

  // Everything up to the newest entry is read. That entry becomes the position even if it is not selected: the last selected one may be old.
  private func haveCaughtUp(_ writer: LogRecordWriter) {
    // If there is no cursor, the time becomes the position, so that the gap is reported once.
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

  // MARK: - lost entries

  // The entry at the cursor was removed, and perhaps others after it. `--cursor` then begins at the nearest one.
  private func cursorIsLost(nearest: Int64) {
    guard storage.isReadable else {
      // It may exist without being readable for this user. When it is readable again, nothing is lost.
      return tryLater("the journal cannot be read from where it was left")
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

  // MARK: - storage

  private func examineStorage() -> Bool {
    let storage = storage
    guard storage.isPersistent || storage.isVolatile else {
      if let namespace = selection.namespace, !once {
        // journald creates it when the first of its units is started.
        if !isAwaited { onTrouble("there is no journal of the namespace \(namespace) yet; it is read when it comes") }
        isAwaited = true
        wait(seconds: 10)
        return false
      }
      let location = selection.namespace.map { " in a folder that ends with .\($0)" } ?? ""
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
