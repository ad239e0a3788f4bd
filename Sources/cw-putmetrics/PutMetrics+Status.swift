internal import ArgumentParser
internal import Records
internal import Unix

extension PutMetrics {
  /// Writes the report for `--status`; no lock is taken, so a running delivery is not disturbed.
  /// - Parameter putInterval: seconds between two calls.
  /// - Throws: `CommandError` if nothing was ever delivered from there; `ExitCode` if metrics wait for too long or fail.
  func showStatus(_ directory: String?, putInterval: Double?) throws {
    let folder = StateDirectory(directory ?? "")
    let holder = try StateLock.existing(folder)?.holder(of: .spool)
    guard let status = StatusFile("\(folder.path)/status").read() else {
      throw CommandError(.unavailable, "no metrics were ever delivered by way of \(folder.path); give another --spool, or start")
    }
    let now = Clock.realtimeMilliseconds()
    let user = holder.map { "cw-putmetrics (process \($0))" } ?? "nobody"
    try writeOutput("spool: \(folder.path.printable), used by \(user)\n\n" + status.table(now: now))
    if holder == nil { throw ExitCode(ExitStatus.unavailable.rawValue) }
    // Three calls may fail before somebody must know, but a minute at least.
    let limit = max(60_000, Int64(min(putInterval ?? 60, 1e6) * 3000))
    if status.isFailing || status.lag(now: now) > limit { throw ExitCode(ExitStatus.tryAgain.rawValue) }
  }
}
