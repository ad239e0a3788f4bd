/// Names of files as text in which nothing is lost: a name is any bytes, and those of another time or system are not always UTF-8.
///
/// A byte that belongs to no character stands as U+10FF00 plus its value, at the end of a private plane; `bytes` has it back.
package enum FileName {
  private static let base: UInt32 = 0x10FF00

  /// - Parameter name: ended by 0, such as an argument or the value of a variable.
  package static func text(_ name: UnsafePointer<CChar>) -> String { text(UnsafeRawBufferPointer(start: name, count: strlen(name))) }

  /// - Parameter name: the bytes of a name, or of a path.
  package static func text(_ name: some Collection<UInt8>) -> String {
    let text = String(decoding: name, as: UTF8.self)
    if text.utf8.elementsEqual(name), !hasByte(text) { return text }
    var scalars = String.UnicodeScalarView()
    var rest = Array(name)[...]
    while let byte = rest.first {
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      let character = String(decoding: rest.prefix(length), as: UTF8.self)
      if character.utf8.elementsEqual(rest.prefix(length)), character.unicodeScalars.count == 1, !hasByte(character) {
        scalars.append(contentsOf: character.unicodeScalars)
        rest = rest.dropFirst(length)
      } else {
        if let scalar = Unicode.Scalar(base + UInt32(byte)) { scalars.append(scalar) }
        rest = rest.dropFirst()
      }
    }
    return String(scalars)
  }

  /// What the system calls it, without the 0 at its end.
  package static func bytes(_ text: String) -> [UInt8] {
    guard hasByte(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      isByte(scalar) ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
    }
  }

  /// Hands a name to the C library: `body` gets its bytes, ended by 0, and what it throws is thrown.
  package static func withBytes<Result>(_ text: String, _ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    if hasByte(text) { return try body((bytes(text) + [0]).map { CChar(bitPattern: $0) }) }
    return try text.withCString(body)
  }

  /// Whether a scalar stands for a byte.
  static func isByte(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= base }

  // U+10FF00 to U+10FFFF are F4 8F BC 80 to F4 8F BF BF.
  private static func hasByte(_ text: String) -> Bool {
    var (first, second): (UInt8, UInt8) = (0, 0)
    for byte in text.utf8 {
      if byte >= 0xBC, second == 0x8F, first == 0xF4 { return true }
      (first, second) = (second, byte)
    }
    return false
  }
}

extension FileName {
  /// rename(2); false: `errno` says why not.
  package static func rename(_ old: String, to new: String) -> Bool {
    withBytes(old) { old in withBytes(new) { Unix.rename(old, $0) == 0 } }
  }

  /// The directory that a path names a file in: `.` where it has no slash.
  static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  /// realpath(3); nil: `errno` says why not.
  package static func real(_ path: String) -> String? {
    guard let name = withBytes(path, { realpath($0, nil) }) else { return nil }
    defer { free(name) }
    return text(name)
  }

  /// unlink(2), of what may be gone already.
  package static func unlink(_ name: String) { _ = withBytes(name) { Unix.unlink($0) } }
}

/// open(2), for a name that may hold any bytes.
package func openFile(_ name: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 { FileName.withBytes(name) { open($0, flags, mode) } }
