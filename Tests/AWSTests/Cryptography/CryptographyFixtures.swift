import Unix

/// Reads a file of `Tests/fixtures`.
func fixture(_ name: String) throws -> [UInt8] {
  let tests = "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
  return try TextFile.read("/\(tests)/fixtures/\(name)")
}
