internal import TestSupport
internal import Unix
@testable internal import Delivery

/// A spool in a folder of its own, with a clock that stands until it is told, and every warning kept.
final class SpoolFolder {
  let folder: TemporaryFolder
  var now: Int64 = 1_000_000_000_000
  private(set) var warnings: [String] = []

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.file("spool") }

  func open(
    label: String = "a", maximumSize: Int = 64 << 20, overflow: Spool.Overflow = .block, adjust: (inout Spool.Options) -> Void = { _ in }
  ) throws -> Spool {
    var options = Spool.Options()
    (options.maximumSize, options.overflow) = (maximumSize, overflow)
    adjust(&options)
    return try Spool(
      directory: path, label: Array(label.utf8), options, clock: { [unowned self] in now },
      warn: { [unowned self] in warnings.append($0) })
  }

  /// Names of the files in the spool, in order.
  func names() throws -> [String] {
    guard let stream = opendir(path) else { throw SystemError("open \(path)") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)) })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  func segments() throws -> [String] { try names().filter { $0.hasSuffix(".spool") }.map { "\(path)/\($0)" } }

  func overwrite(_ file: String, _ bytes: [UInt8]) throws {
    let descriptor = Unix.open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw SystemError("open \(file)") }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { try Descriptor.writeAll(descriptor, $0) }
  }
}

extension Spool {
  func append(_ bytes: [UInt8]) { append { $0.append(bytes) } }
  func append(_ text: String) { append(Array(text.utf8)) }
  func nextBytes() -> [UInt8]? { next().map { Array($0) } }
  func nextText() -> String? { next()?.text }
  func rest() -> [String] { Array(sequence(state: ()) { _ in self.nextText() }) }
}
