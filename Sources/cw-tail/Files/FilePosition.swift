internal import Unix

/// How far one file is done with.
///
/// The file is known by its inode, by a hash of its first bytes and by a hash of the bytes just before the offset: an inode
/// may be another file's by now, and a file that was emptied may have grown beyond the offset again. All of it is made of bytes that
/// were read, so that it holds however the file grows.
struct FilePosition: Equatable {
  var identity: FileIdentity
  /// Where the first byte stands that is in no record yet. Of a compressed file: in what comes out of it.
  var offset: Int64
  /// Of the first 1024 bytes, or as many as there are before the offset.
  var head: UInt64
  /// Of the last 64 bytes before the offset, or as many as there are.
  var marker: UInt64
  /// When the file was last written to, as of the reading, in milliseconds since the epoch.
  var modified: Int64
  var state = State.reading

  enum State: String {
    case reading = ""
    /// Read to its end, and the log goes on in a later file. It is read on should it grow.
    case finished = "F"
    /// None of this log's, whatever comes: it was there before the log was followed, or beside it without any part in its rotations.
    case foreign = "X"
    /// A compressed file of which all is delivered: offset and hashes are those of the file as it lies there.
    case packed = "Z"
  }

  /// Whether there may be more of the file to be read, now or later.
  var mayGrow: Bool { state == .reading || state == .finished }

  static let headLength = 1024
  static let markerLength = 64
  /// So many equal bytes prove that a file with another inode has the same content: fewer may be a header that all files begin with.
  static let proof: Int64 = 1024

  /// At the start of a file.
  init(startOf identity: FileIdentity, modified: Int64) {
    self.init(identity: identity, offset: 0, head: Checksum().value, marker: Checksum().value, modified: modified)
  }

  init(identity: FileIdentity, offset: Int64, head: UInt64, marker: UInt64, modified: Int64, state: State = .reading) {
    self.identity = identity
    self.offset = offset
    self.head = head
    self.marker = marker
    self.modified = modified
    self.state = state
  }

  // MARK: - as text

  /// `DEVICE:INODE:OFFSET:HEAD:MARKER:MODIFIED`, and `:` and the state's letter if it has one.
  var text: String {
    func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }
    var text = "\(hexadecimal(identity.device)):\(hexadecimal(identity.inode)):\(offset):\(hexadecimal(head)):\(hexadecimal(marker)):"
    text += "\(modified)"
    if state != .reading { text += ":\(state.rawValue)" }
    return text
  }

  /// Nil if this is none.
  init?(_ text: some StringProtocol) {
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 6 || words.count == 7, let state = State(rawValue: words.count == 7 ? String(words[6]) : ""),
      let device = UInt64(words[0], radix: 16), let inode = UInt64(words[1], radix: 16),
      let offset = Int64(words[2]), (0...Int64.max / 2).contains(offset),
      let head = UInt64(words[3], radix: 16), let marker = UInt64(words[4], radix: 16), let modified = Int64(words[5])
    else { return nil }
    self.init(
      identity: FileIdentity(device: device, inode: inode), offset: offset, head: head, marker: marker,
      modified: min(max(modified, -FileChange.limit), FileChange.limit), state: state)
  }
}
