internal import Records
internal import Unix

/// Where a running delivery tells how it stands, for `--status` and for the next run. It is only for people: nothing is decided by it, so
/// it need not be on the disk at once.
final class StatusFile {
  private let path: String
  private var descriptor: Int32 = -1
  private var written: DeliveryStatus?
  private var lastWrite = Int64.min / 2

  /// After what happened, and, of figures that change with each sample, after more time: memory cards wear out.
  private static let pause: Int64 = 1_000_000_000
  private static let longPause: Int64 = 15_000_000_000

  /// Overwritten in place, in one piece, which needs no room on a full disk.
  private static let size = 4096

  init(_ path: String) { self.path = path }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// As it was written last; nil: never, or it is unreadable.
  func read() -> DeliveryStatus? {
    guard let descriptor = try? OwnedFile.open(path, O_RDONLY) else { return nil }
    defer { close(descriptor) }
    guard let file = try? TextFile.read(descriptor: descriptor, name: path, limit: Self.size) else { return nil }
    return file.withUnsafeBytes { DeliveryStatus(json: $0) }
  }

  /// Writes the status where it has changed and the last time is long enough ago. `now` is monotonic, in nanoseconds.
  func write(_ status: DeliveryStatus, now: Int64) {
    guard status != written, now.subtractingReportingOverflow(lastWrite).partialValue >= pause(status) else { return }
    (written, lastWrite) = (status, now)
    if descriptor < 0 { descriptor = (try? OwnedFile.open(path, O_WRONLY | O_CREAT)) ?? -1 }
    guard descriptor >= 0 else { return }
    let json = status.json
    while json.count < Self.size { json.append(" ") }
    try? Descriptor.writeAll(descriptor, json.bytes, at: 0, name: path)
  }

  private func pause(_ status: DeliveryStatus) -> Int64 {
    guard var old = written else { return .min }
    (old.waitingInMemory, old.waitingOnDisk, old.oldest) = (status.waitingInMemory, status.waitingOnDisk, status.oldest)
    return old == status ? Self.longPause : Self.pause
  }

  /// When `write` has something to do; nil: nothing has changed.
  func due(_ status: DeliveryStatus) -> Int64? { status == written ? nil : lastWrite + max(pause(status), 0) }
}
