internal import Unix

extension Spool {
  /// The next record, the oldest first; nil: all that are there were handed out. Valid until the spool is used again.
  package func next() -> UnsafeRawBufferPointer? {
    while true {
      if isWriting, position.sequence == segments.last?.sequence, position.offset >= tailStart {
        // Most records go this way: they are still in memory.
        let index = position.offset - tailStart
        guard let (kind, payload) = SpoolRecord.trusted(in: tail.bytes, at: index) else { return nil }
        position.offset = tailStart + payload.upperBound
        if kind == .label { continue }
        let bytes = tail.bytes.part(payload)
        position.ordinal += options.items(bytes)
        return bytes
      }
      if windowSequence == position.sequence, position.offset >= windowStart {
        let location = SpoolRecord.Location(segment: windowSequence, start: windowStart)
        switch SpoolRecord.find(in: window.bytes, at: position.offset - windowStart, location) {
        case .record(let kind, let payload):
          position.offset = windowStart + payload.upperBound
          if kind == .label { continue }
          let bytes = window.bytes.part(payload)
          position.ordinal += options.items(bytes)
          return bytes
        case .damage(let index):
          position.offset = windowStart + index
          continue
        case .end: break
        }
      }
      guard loadMore() else { return nil }
    }
  }

  // Reads on where the window ends; false if nothing is left that is not in the tail.
  private func loadMore() -> Bool {
    guard let index = segments.firstIndex(where: { $0.sequence >= position.sequence }) else { return false }
    let segment = segments[index]
    guard segment.sequence == position.sequence else {
      position = Cursor(sequence: segment.sequence, offset: segment.start, ordinal: segment.firstOrdinal)
      return true
    }
    let end = isWriting && index == segments.count - 1 ? tailStart : segment.size
    if position.offset < end {
      load(segment, upTo: end)
      return true
    }
    // Some were there when the spool was opened, and are not any more.
    if segment.endOrdinal > position.ordinal {
      warn("\(segment.endOrdinal - position.ordinal) \(options.noun) in \(files.segment(segment.sequence)) cannot be read any more")
      position.ordinal = segment.endOrdinal
    }
    return index + 1 < segments.count ? advance(to: segments[index + 1]) : false
  }

  private func advance(to segment: Segment) -> Bool {
    position = Cursor(sequence: segment.sequence, offset: segment.start, ordinal: segment.firstOrdinal)
    forgetWindow()
    return true
  }

  func forgetWindow() {
    window.removeAll()
    window.shrink(to: 64)
    windowSequence = 0
  }

  private func load(_ segment: Segment, upTo end: Int) {
    window.removeAll()
    (windowStart, windowSequence) = (position.offset, segment.sequence)
    do {
      try files.load(segment.sequence, from: position.offset, to: end, into: window)
      // Shorter than it was: what is missing cannot be read.
      if window.isEmpty { position.offset = end }
    } catch {
      warn("\((error as? any Failure)?.message ?? "\(error)"); it is kept with the ending .bad")
      // What is added from now on must not go with it.
      if isWriting, segment.sequence == segments.last?.sequence, unwritten == 0 { endSegment() }
      files.setAside(segment.sequence)
      position.offset = max(end, segment.size)
    }
  }
}
