internal import Config
internal import Patterns
internal import Unix

/// Which processes an entry of `procstat` means.
struct ProcessSelection {
  private enum Way {
    case pidFile(String)
    /// On the path of the executable.
    case executable(PatternSet)
    /// On the command line.
    case commandLine(PatternSet)
  }

  private let way: Way
  /// What its series are told apart by.
  let dimension: (name: String, value: String)

  /// - Throws: `CommandError` if a pattern is wrong.
  init(_ settings: PluginSettings, warn: @escaping (String) -> Void) throws {
    func pattern(_ text: String, _ key: String) throws -> PatternSet {
      try PatternSet([text], memory: MatchContext(), name: { _ in "metrics.metrics_collected.procstat.\(key)" }, warn: warn)
    }
    // The agent's order.
    if let file = settings.pidFile {
      (way, dimension) = (.pidFile(file), ("pidfile", file))
    } else if let exe = settings.exe {
      (way, dimension) = (.executable(try pattern(exe, "exe")), ("exe", exe))
    } else {
      let text = settings.pattern ?? ""
      (way, dimension) = (.commandLine(try pattern(text, "pattern")), ("pattern", text))
    }
  }

  /// Whether it looks at all processes.
  var searches: Bool {
    if case .pidFile = way { return false }
    return true
  }

  /// Calls `body` with the number of each process that is meant.
  /// - Throws: `SystemError` if it cannot be found out.
  func find(in directory: ProcessDirectory, root: String, _ body: (Int32) -> Void) throws {
    switch way {
    case .pidFile(let file):
      // So that the directory is open.
      try directory.forEach { _ in }
      let text = String(decoding: try TextFile.read(root + file), as: UTF8.self)
      if let number = Int32(text.prefix { !$0.isWhitespace }), number > 0 { body(number) }
    case .executable(let pattern):
      try directory.forEach { process in
        if let path = executable(process, directory), pattern.firstMatch(path) != nil { body(process) }
      }
    case .commandLine(let pattern):
      try directory.forEach { process in
        if let line = commandLine(process, directory), pattern.firstMatch(line) != nil { body(process) }
      }
    }
  }

  /// The path of the executable, or what the process calls it, where the path is only shown to its owner.
  private func executable(_ process: Int32, _ directory: ProcessDirectory) -> UnsafeRawBufferPointer? {
    if let path = directory.target(process, "exe") { return path }
    guard let line = directory.read(process, "cmdline"), !line.isEmpty else { return nil }
    return line.part(0..<(line.firstIndex(of: 0) ?? line.count))
  }

  // With spaces between the words; a thread of the kernel has none.
  private func commandLine(_ process: Int32, _ directory: ProcessDirectory) -> UnsafeRawBufferPointer? {
    guard let line = directory.read(process, "cmdline"), !line.isEmpty else { return nil }
    let words = UnsafeMutableRawBufferPointer(mutating: line)
    for index in words.indices where words[index] == 0 { words[index] = UInt8(ascii: " ") }
    return line.last == UInt8(ascii: " ") ? line.part(0..<line.count - 1) : line
  }
}
