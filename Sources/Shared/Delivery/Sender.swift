package import Unix

/// What a program that delivers makes of its input: it takes lines, and sends by a client whose completions it handles.
package protocol Sender: AnyObject {
  /// The longest line that is read whole.
  var maximumLineLength: Int { get }
  /// Whether so much waits in memory that no more input should be read.
  var isFull: Bool { get }
  /// Whether everything that was taken has ended, one way or the other.
  var isIdle: Bool { get }
  /// Whether going on is of no use.
  var hasFailed: Bool { get }
  /// Whether what was taken shall be brought to its end, and nothing more be read.
  var isDraining: Bool { get }
  /// When `sendDue` has something to do next, in monotonic nanoseconds.
  var nextDue: Int64? { get }

  /// Takes a line. `now` is monotonic, in nanoseconds; `realtime` in milliseconds since the epoch.
  func take(_ line: LineReader.Line, now: Int64, realtime: Int64)
  /// What has been read so far is taken: it counts from now on.
  func didRead()
  /// Sends what has waited long enough. `now` is monotonic, in nanoseconds.
  func sendDue(now: Int64)
  /// Sends all that is there.
  func sendAll()
}

extension Sender {
  package var isDraining: Bool { false }
  package func didRead() {}
}
