internal import Records
internal import Unix

/// Reads the positions that earlier runs have stored, once no other process can change them any more.
final class StateHolder {
  private let directory: StateDirectory?
  private var lock: StateLock?

  init(_ directory: StateDirectory?) { self.directory = directory }

  /// Takes the state for this `cw-tail`, and waits until no `cw-putlogs` of an earlier pipe delivers any more.
  /// - Returns: nil if a stop signal came meanwhile.
  /// - Throws: `CommandError` if the state is in use by another `cw-tail`, or unusable.
  func read(_ stop: StopSignal) throws -> StoredPositions? {
    guard let directory else { return StoredPositions() }
    do {
      try directory.create()
      try take(directory)
    } catch let error as SystemError where StateDirectory.isPassing(error) {
      Messages.warning("\(directory.path) cannot be locked: \(error.message); see to it that only one cw-tail uses it")
    } catch let error as SystemError {
      throw CommandError(.cannotWrite, "\(error.message); give another --state (agent.state_directory)")
    }
    guard try waitForDelivery(directory, stop) else { return nil }
    return StoredPositions(try positions(directory))
  }

  private func take(_ directory: StateDirectory) throws {
    let lock = try StateLock(directory)
    if case .held(let other) = try lock.take(.tail) {
      throw CommandError(.tryAgain, "\(directory.path) is in use by process \(other), another cw-tail; end it, or give another --state")
    }
    self.lock = lock
  }

  private func waitForDelivery(_ directory: StateDirectory, _ stop: StopSignal) throws -> Bool {
    var hasSaid = false
    while let other = try lock?.holder(of: .putlogs) {
      if !hasSaid { Messages.warning("process \(other), an earlier cw-putlogs, still delivers; waiting for its end") }
      hasSaid = true
      // No system call waits for a lock and a signal at once.
      var poll = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
      if Unix.poll(&poll, 1, 50) > 0 { return false }
    }
    return true
  }

  private func positions(_ directory: StateDirectory) throws -> PositionFile.Content {
    do {
      let content = try PositionFile.read(directory.positions)
      if content == .damaged {
        Messages.warning("\(directory.positions) is damaged; files are read from their start, and lines may come again")
      }
      return content
    } catch let error as SystemError where StateDirectory.isPassing(error) {
      Messages.warning("\(error.message); files are read from their start, and lines may come again")
      return .damaged
    } catch let error as SystemError {
      throw CommandError(.cannotWrite, "\(error.message); give another --state (agent.state_directory)")
    }
  }
}
