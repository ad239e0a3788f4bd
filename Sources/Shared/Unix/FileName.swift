/// Names of files as text in which nothing is lost: a name is any bytes, and those of another time or system are not always UTF-8.
///
/// A byte that belongs to no character stands as U+10FF00 plus its value, at the end of a private plane; `bytes` has it back.
package enum FileName {
  private static let base: UInt32 = 0x10FF00

  /// - Parameter name: ended by 0, such as an argument or the value of a variable.
  package static func text(_ name: UnsafePointer<CChar>) -> String {
    let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
    let text = String(decoding: bytes, as: UTF8.self)
    if text.utf8.elementsEqual(bytes), !text.unicodeScalars.contains(where: isByte) { return text }
    guard let start = bytes.baseAddress else { return "" }
    let end = start + bytes.count
    var scalars = String.UnicodeScalarView()
    var next = start
    while next < end {
      let length = max(UTF8Scalar.length(at: next, end), next.load(as: UInt8.self) < 0x80 ? 1 : 0)
      let character = String(decoding: UnsafeRawBufferPointer(start: next, count: length), as: UTF8.self).unicodeScalars
      if length > 0, !character.contains(where: isByte) {
        scalars.append(contentsOf: character)
        next += length
      } else if let scalar = Unicode.Scalar(base + UInt32(next.load(as: UInt8.self))) {
        scalars.append(scalar)
        next += 1
      }
    }
    return String(scalars)
  }

  /// What the system calls it, without the 0 at its end.
  package static func bytes(_ text: String) -> [UInt8] {
    guard text.unicodeScalars.contains(where: isByte) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      isByte(scalar) ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
    }
  }

  /// For a call to the C library.
  package static func withBytes<Result>(_ text: String, _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    try body((bytes(text) + [0]).map { CChar(bitPattern: $0) })
  }

  /// Whether a scalar stands for a byte.
  static func isByte(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= base }
}

extension FileName {
  /// rename(2); false: `errno` says why not.
  package static func rename(_ old: String, to new: String) -> Bool {
    withBytes(old) { old in withBytes(new) { systemRename(old, $0) } }
  }

  /// unlink(2), of what may be gone already.
  package static func unlink(_ name: String) { _ = withBytes(name) { systemUnlink($0) } }
}

/// open(2), for a name that may hold any bytes.
package func openFile(_ name: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 { FileName.withBytes(name) { open($0, flags, mode) } }

// These are also names of members there.
private func systemRename(_ old: UnsafePointer<CChar>, _ new: UnsafePointer<CChar>) -> Bool { rename(old, new) == 0 }
private func systemUnlink(_ name: UnsafePointer<CChar>) -> Int32 { unlink(name) }
