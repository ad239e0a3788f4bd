internal import Unix

/// The format in which a file is compressed. Its first bytes decide, not its name: a processor of svlogd may leave gzip data in a file
/// called `.s`.
enum Compression {
  case gzip, bzip2, xz, zstd
  /// Known, never text, and not supported: `.lz4`, `.zip` and the like.
  case other(String)

  /// How many first bytes decide.
  static let headLength = 8

  /// Nil if these are not the first bytes of a compressed file.
  init?(head: [UInt8]) {
    let known: [([UInt8], Compression)] = [
      ([0x1F, 0x8B, 8], .gzip), (Array("BZh".utf8), .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz), ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
      ([0x04, 0x22, 0x4D, 0x18], .other("lz4")), ([0x50, 0x4B, 3, 4], .other("zip")), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .other("7z")),
      ([0x1F, 0x9D], .other("compress")), ([0x5D, 0, 0], .other("lzma")), ([0x1F, 0xA0], .other("compress")),
    ]
    guard let found = known.first(where: { head.starts(with: $0.0) })?.1 else { return nil }
    // A line of text may begin with these letters; the block size and the start of the first block decide.
    if case .bzip2 = found, !(head.count > 4 && (0x31...0x39).contains(head[3]) && [0x31, 0x17].contains(head[4])) { return nil }
    self = found
  }

  /// The suffixes of compressed files.
  static let suffixes = [".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".zip", ".7z", ".Z", ".tgz"].map { Array($0.utf8) }

  /// A name without the suffix of a compressed file, if it has one.
  static func stem(of name: [UInt8]) -> ArraySlice<UInt8> {
    for suffix in suffixes where name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix) {
      return name.dropLast(suffix.count)
    }
    return name[...]
  }

  /// Whether the name has the suffix of a compressed file.
  static func isNamed(_ name: String) -> Bool {
    let bytes = FileName.bytes(name)
    return stem(of: bytes).count < bytes.count
  }

  /// The decompressor and its arguments, with a limit on its memory where it takes one; nil: zlib decompresses it, or nothing does.
  var program: [String]? {
    switch self {
    case .bzip2: ["bzip2", "-dc"]
    case .xz: ["xz", "-dc", "--memlimit-decompress=64MiB"]
    case .zstd: ["zstd", "-dcq", "--memory=64MB"]
    case .gzip, .other: nil
    }
  }
}
