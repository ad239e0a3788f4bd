internal import Unix

/// What lies in a spool when it is opened, found by looking at each record.
struct SpoolInventory {
  static let version: UInt8 = 1

  private(set) var segments: [Spool.Segment] = []
  private(set) var count = 0
  let nextSequence: Int64

  /// - Throws: only if the directory cannot be listed, or the records are not ours to send. Damage is stepped over and told.
  init(_ files: SpoolFiles, label: [UInt8], warn: (String) -> Void) throws {
    let (sequences, largest) = try files.list()
    let hint = files.readHint()
    nextSequence = max(largest, hint?.sequence ?? 0) + 1
    let bytes = ByteBuffer()
    var acknowledged: [Int64] = []
    for sequence in sequences {
      bytes.removeAll()
      bytes.shrink(to: 2 * Spool.segmentSize)
      do {
        try files.load(sequence, from: 0, into: bytes)
      } catch {
        warn("\((error as? any Failure)?.message ?? "\(error)"); \(sequence).bad is what is left of it")
        files.setAside(sequence)
        continue
      }
      var segment = Spool.Segment(sequence: sequence, firstOrdinal: count)
      segment.size = bytes.count
      let contents = Contents(bytes.bytes, sequence, acknowledgedUpTo: hint?.sequence == sequence ? hint?.offset ?? 0 : 0)
      if let other = contents.label {
        // Records of a later version would be taken for damage.
        guard other.first == Self.version else {
          throw CommandError(
            .badConfiguration,
            "\(files.segment(sequence)) was written by a newer version of this program; install that version, or give another --spool")
        }
        // Records for another destination are not ours to send or to remove.
        guard other.dropFirst().elementsEqual(label) || contents.count == 0 else {
          throw Spool.ForeignRecords(label: Array(other.dropFirst()))
        }
      }
      if contents.count > 0 || contents.hasAcknowledged {
        if contents.damage > 0 {
          warn("\(files.segment(sequence)) is damaged in \(contents.damage) places; what stood there is lost, the rest is sent")
        }
        if contents.torn > 0 { warn("the last \(contents.torn) bytes of \(files.segment(sequence)) were not written whole") }
      }
      if contents.count > 0 {
        (segment.start, segment.count) = (contents.start, contents.count)
        segments.append(segment)
        count += segment.count
      } else if contents.hasAcknowledged || contents.damage == 0 && contents.torn == 0 {
        acknowledged.append(sequence)
      } else {
        files.setAside(sequence)
        warn("no record in \(files.segment(sequence)) is whole; it is kept with the ending .bad")
      }
    }
    // Not before all labels were looked at.
    acknowledged.forEach(files.remove)
  }

  /// What a segment's bytes hold.
  struct Contents {
    private(set) var label: [UInt8]?
    /// Records behind what is acknowledged, and where the first of them may begin.
    private(set) var count = 0
    private(set) var start = 0
    private(set) var hasAcknowledged = false
    /// Places before a whole record where none is.
    private(set) var damage = 0
    /// Bytes at the end that are no record: written when a process was killed or the power went.
    private(set) var torn = 0

    init(_ bytes: UnsafeRawBufferPointer, _ sequence: Int64, acknowledgedUpTo hint: Int) {
      var index = 0
      while true {
        switch SpoolRecord.find(in: bytes, at: index, .init(segment: sequence, start: 0)) {
        case .end: return
        case .damage(let next):
          if next == bytes.count { torn = next - index } else { damage += 1 }
          index = next
        case .record(let kind, let payload):
          index = payload.upperBound
          if kind == .label {
            label = label ?? Array(bytes.part(payload))
          } else if index <= hint {
            hasAcknowledged = true
            start = index
          } else {
            count += 1
          }
        }
      }
    }
  }
}
