internal import Unix

/// How far a log is read: in which file, and up to which byte.
///
/// The file is known by its inode, by a hash of its first bytes and by a hash of the bytes just before the offset: an inode
/// may be another file's by now, and a file that was emptied may have grown beyond the offset again. All of it is made of bytes that
/// were read, so that it holds however the file grows.
struct Position: Equatable {
  var identity: FileIdentity
  /// Where the first byte stands that is in no record yet. Of a compressed file: in what comes out of it.
  var offset: Int64
  /// Of the first 1024 bytes, or as many as there are before the offset.
  var head: UInt64
  /// Of the last 64 bytes before the offset, or as many as there are.
  var marker: UInt64
  /// When the file was last written to, as of the reading, in milliseconds since the epoch: later generations of the log are not
  /// older.
  var modified: Int64
  /// The file was read to its end and will not grow any more; the log goes on in a later one.
  var isFinished = false

  static let headLength = 1024
  static let markerLength = 64

  /// At the start of a file.
  init(startOf identity: FileIdentity, modified: Int64) {
    self.init(identity: identity, offset: 0, head: Checksum().value, marker: Checksum().value, modified: modified)
  }

  init(identity: FileIdentity, offset: Int64, head: UInt64, marker: UInt64, modified: Int64, isFinished: Bool = false) {
    self.identity = identity
    self.offset = offset
    self.head = head
    self.marker = marker
    self.modified = modified
    self.isFinished = isFinished
  }

  /// Of a log that has no file yet: the first one will be new, and is read from its start.
  static func nowhere(at time: Int64) -> Position {
    var position = Position(startOf: FileIdentity(device: 0, inode: 0), modified: time)
    position.isFinished = true
    return position
  }

  /// Whether there was no file: the log is waited for, or this is what is known of a glob.
  var isNowhere: Bool { identity == FileIdentity(device: 0, inode: 0) }

  // MARK: - as text

  private static let version = "1"

  /// `1:DEVICE:INODE:OFFSET:HEAD:MARKER:MODIFIED`, and `:F` if the file is finished. Opaque to all other programs.
  var text: String {
    func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }
    var words = [Self.version, hexadecimal(identity.device), hexadecimal(identity.inode), String(offset)]
    words += [hexadecimal(head), hexadecimal(marker), String(modified)]
    if isFinished { words.append("F") }
    return words.joined(separator: ":")
  }

  /// Nil if this is none, or one of a later version.
  init?(_ text: String) {
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 7 || words.count == 8 && words[7] == "F", words[0] == Self.version,
      let device = UInt64(words[1], radix: 16), let inode = UInt64(words[2], radix: 16),
      let offset = Int64(words[3]), offset >= 0,
      let head = UInt64(words[4], radix: 16), let marker = UInt64(words[5], radix: 16), let modified = Int64(words[6])
    else { return nil }
    self.init(
      identity: FileIdentity(device: device, inode: inode), offset: offset, head: head, marker: marker, modified: modified,
      isFinished: words.count == 8)
  }
}
