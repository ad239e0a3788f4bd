internal import Records
internal import Unix

/// What must not be sent twice: it is marked on the disk before the first byte leaves, and the mark is taken back when it has surely not
/// arrived. The records that a killed run had marked are left out by the next one, and counted (`uncertain`).
extension Spool {
  /// Hands out again what is not acknowledged.
  package func rewind() {
    position = acknowledged
    forgetWindow()
  }

  /// Notes that everything up to the position is being sent.
  /// - Throws: `SystemError`; nothing may be sent then.
  package func mark(upTo position: Cursor) throws {
    guard let hint else { throw SystemError("write \(files.directory)/acknowledged", code: EROFS) }
    try files.write(.init(acknowledged: acknowledged.place, sending: position.place), to: hint)
    try Descriptor.synchronize(hint, name: "\(files.directory)/acknowledged")
    (isHintWritten, isHintSynchronized) = (true, true)
    sending = position
  }

  /// Takes back what `mark` has noted.
  package func unmark() {
    guard sending != nil else { return }
    sending = nil
    isHintWritten = false
    writeHint()
  }

  // What the last run had marked is settled. The file is there, and has its place on the disk, before a record can be sent.
  func forgetMark(nextSequence: Int64) throws {
    guard let hint = files.openHint() else { throw SystemError("make \(files.directory)/acknowledged") }
    self.hint = hint
    // Whatever comes has a greater number.
    let place = segments.first.map { SpoolFiles.Hint.Place(sequence: $0.sequence, offset: $0.start) }
    try files.write(.init(acknowledged: place ?? .init(sequence: nextSequence - 1, offset: .max >> 1)), to: hint)
    try Descriptor.synchronize(hint, name: "\(files.directory)/acknowledged")
    files.synchronizeDirectory()
  }
}

extension Spool.Cursor {
  var place: SpoolFiles.Hint.Place { .init(sequence: sequence, offset: offset) }
}
