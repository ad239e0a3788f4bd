internal import Config
internal import Tool
internal import Unix

/// Where the machines' configurations lie, a file for each, for its owner alone.
struct DeviceFolder {
  let path: String

  func file(_ id: String, _ suffix: String = "json") -> String { "\(path)/\(id).\(suffix)" }

  func has(_ id: String) -> Bool { access(file(id), F_OK) == 0 }

  /// A file that is whole or not there, in place of the one that is.
  func write(_ bytes: [UInt8], _ id: String) throws {
    do {
      try makeDirectories(path, "the directory")
      // Of what a run leaves that dies here, the next one for this machine takes the place.
      try bytes.withUnsafeBytes { _ = try AtomicFile.write($0, to: file(id), temporary: "\(file(id)).new") }
    } catch let error as SystemError {
      throw ToolError(.cannotWrite, "\(error.message); give another --config-dir")
    }
  }
}
