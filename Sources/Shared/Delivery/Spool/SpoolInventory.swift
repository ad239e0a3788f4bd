internal import Unix

/// What lies in a spool when it is opened, found by looking at each record.
struct SpoolInventory {
  static let version: UInt8 = 1

  private(set) var segments: [Spool.Segment] = []
  private(set) var count = 0
  /// Items that may have been accepted.
  private(set) var uncertain = 0
  let nextSequence: Int64

  /// - Throws: only if the directory cannot be listed, or the records are not ours to send. Damage is stepped over and told.
  init(_ files: SpoolFiles, label: [UInt8], _ options: Spool.Options, warn: (String) -> Void) throws {
    let (sequences, largest) = try files.list()
    let bounds = Bounds(files.readHint(), oldest: sequences.first, sendsOnce: options.sendsOnce)
    nextSequence = max(largest, bounds.largestSequence) + 1
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
      let contents = Contents(
        bytes.bytes, sequence, acknowledgedUpTo: bounds.acknowledged(in: sequence), uncertainUpTo: bounds.uncertain(in: sequence),
        items: options.items)
      uncertain += contents.uncertain
      if let other = contents.label {
        // Records of a later version would be taken for damage.
        guard other.first == Self.version else {
          throw CommandError(
            .badConfiguration,
            "\(files.segment(sequence)) was written by a newer version of this program; install that version, or choose another directory")
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

  /// What the hint says of each segment. Of records that must not be sent twice it counts for the segments before its own as well, whose
  /// removal a power cut may have undone; of others it hides nothing.
  private struct Bounds {
    private let hint: SpoolFiles.Hint?
    private let sendsOnce: Bool

    init(_ hint: SpoolFiles.Hint?, oldest: Int64?, sendsOnce: Bool) {
      self.sendsOnce = sendsOnce
      // It is there before the first segment. If it is damaged, only the oldest segment can have been sent in part.
      let whole = oldest.map { SpoolFiles.Hint(acknowledged: .init(sequence: 0, offset: 0), sending: .init(sequence: $0, offset: .max)) }
      self.hint = hint ?? (sendsOnce ? whole : nil)
    }

    var largestSequence: Int64 { max(hint?.acknowledged.sequence ?? 0, hint?.sending?.sequence ?? 0) }

    func acknowledged(in sequence: Int64) -> Int { offset(hint?.acknowledged, sequence) }
    func uncertain(in sequence: Int64) -> Int { sendsOnce ? offset(hint?.sending, sequence) : 0 }

    private func offset(_ place: SpoolFiles.Hint.Place?, _ sequence: Int64) -> Int {
      guard let place else { return 0 }
      if sequence == place.sequence { return place.offset }
      return sendsOnce && sequence < place.sequence ? .max : 0
    }
  }

  /// What a segment's bytes hold.
  struct Contents {
    private(set) var label: [UInt8]?
    /// Records behind what is acknowledged, and where the first of them may begin.
    private(set) var count = 0
    private(set) var start = 0
    private(set) var hasAcknowledged = false
    private(set) var uncertain = 0
    /// Places before a whole record where none is.
    private(set) var damage = 0
    /// Bytes at the end that are no record: written when a process was killed or the power went.
    private(set) var torn = 0

    init(
      _ bytes: UnsafeRawBufferPointer, _ sequence: Int64, acknowledgedUpTo acknowledged: Int, uncertainUpTo sending: Int = 0,
      items: (UnsafeRawBufferPointer) -> Int = { _ in 1 }
    ) {
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
          } else if index <= max(acknowledged, sending) {
            hasAcknowledged = true
            start = index
            if index > acknowledged { uncertain += items(bytes.part(payload)) }
          } else {
            count += items(bytes.part(payload))
          }
        }
      }
    }
  }
}
