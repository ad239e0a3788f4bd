internal import Unix

/// The names of files as text. A name is bytes for the kernel and need not be UTF-8: a byte that is not becomes a scalar of a private
/// plane, U+10FF00 and the byte, so that each file has a text of its own and is opened by its own name.
enum PathName {
  private static let escape: UInt32 = 0x10FF00

  /// The text of a name, or of a path.
  static func text(_ bytes: some Collection<UInt8>) -> String {
    let array = Array(bytes)
    if let text = String(validating: array, as: UTF8.self), !hasEscapes(text) { return text }
    var text = ""
    var rest = array[...]
    while let byte = rest.first {
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      if let scalar = String(validating: rest.prefix(length), as: UTF8.self), scalar.unicodeScalars.count == 1, !hasEscapes(scalar) {
        text += scalar
        rest = rest.dropFirst(length)
      } else {
        if let scalar = Unicode.Scalar(escape + UInt32(byte)) { text.unicodeScalars.append(scalar) }
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// The bytes that the kernel knows the name by.
  static func bytes(_ text: String) -> [UInt8] {
    guard hasEscapes(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      scalar.value >= escape ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
    }
  }

  /// Calls `body` with the path as the kernel wants it.
  static func with<Result>(_ text: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard hasEscapes(text) else { return text.withCString(body) }
    return (bytes(text).map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map(body) ?? text.withCString(body)
    }
  }

  // U+10FF00 to U+10FFFF are F4 8F BC 80 to F4 8F BF BF.
  private static func hasEscapes(_ text: String) -> Bool {
    var before: (UInt8, UInt8) = (0, 0)
    for byte in text.utf8 {
      if before == (0xF4, 0x8F), byte >= 0xBC { return true }
      before = (before.1, byte)
    }
    return false
  }
}

/// What the kernel says of a file.
enum FileStatus {
  /// Of the file that a path leads to; nil if there is none, with the reason in `errno`.
  static func of(_ path: String) -> stat? {
    var status = stat()
    return PathName.with(path) { stat($0, &status) } == 0 ? status : nil
  }

  /// Of what has the name itself, which may be a link.
  static func ofLink(_ path: String) -> stat? {
    var status = stat()
    return PathName.with(path) { lstat($0, &status) } == 0 ? status : nil
  }
}

extension stat {
  var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
  var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
  var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
  /// In bytes. File systems tell sizes up to 2^63 - 1; half of that leaves room for sums.
  var size: Int64 { min(max(Int64(st_size), 0), Int64.max / 2) }
}
