/// How far a log is delivered: for each of its files, how far that one is. What is not in here is not delivered, so no order of
/// names or times decides whether a file is read.
struct LogPosition: Equatable {
  var files: [FilePosition] = []
  /// Unknown files that were last written to before this moment, in milliseconds since the epoch, are older than what is told here.
  /// Nil: there are none, all files are known.
  var since: Int64?

  /// Of a log that has no file yet, or of a pattern: what is written from now on is new.
  static func nowhere(at time: Int64) -> LogPosition { LogPosition(since: time) }

  /// Whether there was no file: the log is waited for, or this is what is known of a glob.
  var isNowhere: Bool { files.isEmpty }

  /// Whether nothing is left to be read of any of its files, and none of them will grow.
  var isFinished: Bool { files.allSatisfy { $0.state != .reading } }

  private static let version = "2"

  /// `2`, then for each file `;` and its `FilePosition`, then `;@` and the moment. Opaque to all other programs.
  var text: String { Self.text(files.map(\.text), since: since) }

  static func text(_ files: [String], since: Int64?) -> String {
    ([version] + files + (since.map { ["@\($0)"] } ?? [])).joined(separator: ";")
  }

  /// Nil if this is none, or one of a later version.
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

  /// Of version 1, which knew one file, and took the others that had not changed since for delivered.
  private init?(version1 text: Substring) {
    guard let position = FilePosition(text) else { return nil }
    self.init(files: position.identity == FileIdentity(device: 0, inode: 0) ? [] : [position], since: position.modified)
  }

  init(files: [FilePosition] = [], since: Int64? = nil) {
    self.files = files
    self.since = since
  }
}
