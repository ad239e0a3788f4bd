package import Unix

/// What a program does with its input: it takes lines, and sends them by a client whose completions it handles.
package protocol Sender: AnyObject {
  /// The longest line that is read whole, in bytes.
  var maximumLineLength: Int { get }
  /// Whether so much waits in memory that no more input should be read.
  var isFull: Bool { get }
  /// Whether everything that was taken is delivered or given up.
  var isIdle: Bool { get }
  /// Whether nothing more can be delivered.
  var hasFailed: Bool { get }
  /// Whether what was taken is to be delivered, and nothing more read.
  var isDraining: Bool { get }
  /// When `sendDue` has something to do next, in monotonic nanoseconds; nil: nothing waits.
  var nextDue: Int64? { get }

  /// Takes a line. `now` is monotonic, in nanoseconds; `realtime` in milliseconds since the epoch.
  func take(_ line: LineReader.Line, now: Int64, realtime: Int64)
  /// Called when all lines read so far have been taken.
  func didRead()
  /// Sends what has waited long enough. `now` is monotonic, in nanoseconds.
  func sendDue(now: Int64)
  /// Sends everything that waits.
  func sendAll()
}

extension Sender {
  package var isDraining: Bool { false }
  /// Does nothing.
  package func didRead() {}
}
