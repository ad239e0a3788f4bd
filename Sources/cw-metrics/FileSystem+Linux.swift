#if os(Linux)
  internal import Unix

  extension FileSystem {
    /// Asks the kernel how full it is, at the first mount point that is an accessible directory; nil if it has no blocks.
    /// - Throws: `SystemError` if no mount point can be examined.
    func usage(root: String) throws -> Usage? {
      var failure: SystemError?
      for mountPoint in mountPoints {
        let path = Array(root.utf8) + mountPoint + [0]
        var status = stat()
        var space = statvfs()
        let code: Int32 = path.withUnsafeBytes { bytes in
          guard let name = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return ENOENT }
          guard stat(name, &status) == 0 else { return errno }
          guard status.st_mode & S_IFMT == S_IFDIR else { return ENOTDIR }
          return statvfs(name, &space) == 0 ? 0 : errno
        }
        let text = String(decoding: mountPoint, as: UTF8.self)
        if code == 0 {
          return Usage(
            path: text, blocks: UInt64(space.f_blocks), free: UInt64(space.f_bfree), available: UInt64(space.f_bavail))
        }
        if code != ENOTDIR, failure == nil { failure = SystemError("see how full \(text) is", code: code) }
      }
      if let failure { throw failure }
      return nil
    }
  }
#endif
