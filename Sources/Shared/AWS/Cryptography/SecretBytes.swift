internal import COpenSSL

/// Bytes that are overwritten at the end. They never move, so that no copy is left.
final class SecretBytes {
  private let storage: UnsafeMutableRawBufferPointer

  /// - Parameter fill: writes all `count` bytes.
  init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    storage = .allocate(byteCount: count, alignment: 1)
    storage.initializeMemory(as: UInt8.self, repeating: 0)
    try fill(storage)
  }

  convenience init(_ bytes: some Collection<UInt8>) {
    self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
  }

  convenience init(_ text: String) { self.init(text.utf8) }

  /// One after the other.
  convenience init(joining parts: [SecretBytes]) {
    self.init(count: parts.reduce(0) { $0 + $1.storage.count }) { all in
      var end = 0
      for part in parts {
        part.read { UnsafeMutableRawBufferPointer(rebasing: all[end...]).copyMemory(from: $0) }
        end += part.storage.count
      }
    }
  }

  deinit {
    OPENSSL_cleanse(storage.baseAddress, storage.count)
    storage.deallocate()
  }

  func read<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(storage)) }
  }

  /// The first of them.
  func prefix(_ count: Int) -> SecretBytes { read { SecretBytes($0.prefix(count)) } }

  /// A copy that is not overwritten, for bytes that are no longer secret.
  var published: [UInt8] { read { Array($0) } }
}
