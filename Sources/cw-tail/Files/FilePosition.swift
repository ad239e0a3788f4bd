internal import Unix

/// How far one file is read.
///
/// The file is identified by its inode, by a hash of its first bytes and by a hash of the bytes just before the offset: an inode
/// may be reused, and a file that was truncated may have grown beyond the offset again. The hashes cover only bytes that
/// were read, so they stay valid however the file grows.
struct FilePosition: Equatable {
  var identity: FileIdentity
  /// The first byte that is in no record yet; in a compressed file, counted in decompressed bytes.
  var offset: Int64
  /// The hash of the first 1024 bytes, or of as many as there are before the offset.
  var head: UInt64
  /// The hash of the last 64 bytes before the offset, or of as many as there are.
  var marker: UInt64
  /// The time of last modification when the file was read, in milliseconds since the epoch.
  var modified: Int64
  var state = State.reading

  enum State: String {
    case reading = ""
    /// Read to its end, and the log goes on in a later file. If it grows, reading resumes.
    case finished = "F"
    /// Never read: it existed before the log was followed, or lies beside the log without being one of its rotated files.
    case foreign = "X"
    /// A compressed file of which all is delivered: offset and hashes are those of the compressed bytes.
    case compressed = "Z"
  }

  /// Whether more of the file may have to be read, now or later.
  var mayGrow: Bool { state == .reading || state == .finished }

  static let headLength = 1024
  static let markerLength = 64
  /// How many equal bytes prove that a file with another inode has the same content: fewer may be a header that all files begin with.
  static let proof: Int64 = 1024

}

extension FilePosition {
  /// The position at the start of a file.
  init(startOf identity: FileIdentity, modified: Int64) {
    self.init(identity: identity, offset: 0, head: Checksum().value, marker: Checksum().value, modified: modified)
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

  /// Nil if the text is not a valid position.
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
