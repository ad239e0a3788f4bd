internal import Unix

/// Opens a new file for reading and writing that has no name any more, and is gone when it is closed.
package func namelessFile() throws -> Int32 {
  let folder = try TemporaryFolder()
  let descriptor = open(folder.file("file"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw SystemError("make a temporary file") }
  return descriptor
}
