/// How far each file of a log is delivered. A file that is not listed here is not delivered, so whether it is read does not depend on the
/// order of names or times.
struct LogPosition: Equatable {
  var files: [FilePosition] = []
  /// Unlisted files that were modified before this time, in milliseconds since the epoch, count as delivered; nil: all delivered files are
  /// listed.
  var since: Int64?
}

extension LogPosition {
  /// The position of a log that has no file yet, or of a pattern: everything that is written from `time` on is new.
  static func nowhere(at time: Int64) -> LogPosition { LogPosition(since: time) }

  /// Whether no file is listed, as for a log that does not exist yet, or for a glob.
  var isNowhere: Bool { files.isEmpty }

  private static let version = "2"

  /// `2`, then `;` and a `FilePosition` for each file, then `;@` and `since`. Opaque to all other programs.
  var text: String { Self.text(files.map(\.text), since: since) }

  static func text(_ files: [String], since: Int64?) -> String {
    ([version] + files + (since.map { ["@\($0)"] } ?? [])).joined(separator: ";")
  }

  /// Nil if the text is not a valid position, or one of a later version.
  init?(_ text: String) {
    if text.hasPrefix("1:") {
      self.init(version1: text.dropFirst(2))
      return
    }
    let words = text.split(separator: ";", omittingEmptySubsequences: false)
    guard words.first.map(String.init) == Self.version else { return nil }
    self.init()
    for word in words.dropFirst() {
      if word.hasPrefix("@") {
        guard let time = Int64(word.dropFirst()) else { return nil }
        since = min(max(time, -FileChange.limit), FileChange.limit)
      } else {
        guard let file = FilePosition(word) else { return nil }
        files.append(file)
      }
    }
  }

  /// Parses version 1, which listed one file and treated unchanged others as delivered.
  private init?(version1 text: Substring) {
    guard let position = FilePosition(text) else { return nil }
    self.init(files: position.identity == FileIdentity(device: 0, inode: 0) ? [] : [position], since: position.modified)
  }
}
