internal import Testing
internal import TestSupport
internal import Unix

@testable internal import TailCommand

/// A journal of our own making in a root of its own, read by the real `journalctl`.
final class ScratchJournal {
  struct Entry {
    var number: Int
    var boot = 1
    var unit = "app.service"
    /// One value for each field of the name.
    var messages: [[UInt8]]
    var fields: [(String, String)] = []
    /// How far the wall clock is behind, in seconds.
    var behind: Int64 = 0

    init(_ number: Int, boot: Int = 1, unit: String = "app.service", messages: [[UInt8]]? = nil, fields: [(String, String)] = []) {
      self.number = number
      self.boot = boot
      self.unit = unit
      self.messages = messages ?? [Array("entry \(number)".utf8)]
      self.fields = fields
    }

    /// Microseconds since the epoch.
    var time: Int64 { ScratchJournal.time(number) - behind * 1_000_000 }
  }

  static let machine = "0123456789abcdef0123456789abcdef"
  private static let writer = firstProgram([
    "/usr/lib/systemd/systemd-journal-remote", "/lib/systemd/systemd-journal-remote",
  ])
  private static let journalctl = firstProgram(["/usr/bin/journalctl", "/bin/journalctl"])
  private static func firstProgram(_ paths: [String]) -> String? { paths.first { access($0, X_OK) == 0 } }
  static var canBeMade: Bool { writer != nil && journalctl != nil }
  static let comment: Comment = "journalctl or systemd-journal-remote is missing; scripts/deps test installs them"

  let folder: TemporaryFolder
  var root: String { folder.path }
  /// A `journalctl` for this journal. It writes down its process id and its arguments.
  var program: String { folder.file("journalctl") }

  /// Entries are a second apart.
  static func time(_ number: Int) -> Int64 { (1_700_000_000 + Int64(number)) * 1_000_000 }

  init(place: String = "var", _ entries: [Entry] = []) throws {
    folder = try TemporaryFolder()
    for part in [place, "\(place)/log", "\(place)/log/journal", "\(place)/log/journal/\(Self.machine)"] { try folder.makeFolder(part) }
    for part in ["proc", "proc/self", "proc/sys", "proc/sys/kernel", "proc/sys/kernel/random"] { try folder.makeFolder(part) }
    directory = "\(place)/log/journal/\(Self.machine)"
    try boot(1)
    try install("exec \"$@\"")
    if !entries.isEmpty { try add(entries) }
  }

  private let directory: String

  /// Replaces `journalctl` by a script in which `"$@"` is the real one with its arguments.
  func install(_ script: String) throws {
    let text = """
      #!/bin/sh
      cd \(root)
      echo $$ > pid
      echo "$*" >> calls
      # Of a folder's journal, `--follow` shows the boot that it takes for the newest, unless it shows all.
      case " $* " in *" --follow "*) set -- --merge "$@" ;; esac
      set -- \(Self.journalctl ?? "") --directory=\(directory) "$@"
      \(script)

      """
    try folder.append("new", text)
    try #require(chmod(folder.file("new"), 0o755) == 0)
    try folder.rename("new", to: "journalctl")
  }

  /// Makes this process one of a unit.
  func isIn(_ unit: String) throws {
    try folder.append("proc/self/cgroup", "0::/system.slice/\(unit)\n")
  }

  /// Makes it the present boot. What is added does so by itself.
  func boot(_ number: Int) throws {
    let id = Self.bootId(number)
    let file = "proc/sys/kernel/random/boot_id"
    try? folder.remove(file)
    try folder.append(file, "\(id.prefix(8))-\(id.dropFirst(8).prefix(4))-\(id.dropFirst(12))\n")
  }

  private static func bootId(_ number: Int) -> String { String("00000000000000000000000000000000\(number)".suffix(32)) }

  func calls() throws -> [String] {
    String(decoding: try TextFile.read(folder.file("calls")), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Appends entries to a file of the journal, in the journal's export format.
  func add(_ entries: [Entry], to file: String = "system") throws {
    let export = ByteBuffer()
    for entry in entries {
      let fields =
        [
          ("__REALTIME_TIMESTAMP", "\(entry.time)"), ("__MONOTONIC_TIMESTAMP", "\(entry.number * 1_000_000)"),
          ("_BOOT_ID", Self.bootId(entry.boot)), ("_HOSTNAME", "pi"),
          ("SYSLOG_IDENTIFIER", "app"), ("_PID", "42"), ("PRIORITY", "\(entry.number % 8)"), ("_SYSTEMD_UNIT", entry.unit),
        ] + entry.fields
      for (name, value) in fields { export.append("\(name)=\(value)\n") }
      for message in entry.messages {
        guard !message.isEmpty else {
          export.append("MESSAGE=\n")
          continue
        }
        export.append("MESSAGE\n")
        for shift in 0..<8 { export.append(byte: UInt8(truncatingIfNeeded: message.count >> (8 * shift))) }
        export.append(message)
        export.append("\n")
      }
      export.append("\n")
    }
    try? folder.remove("export")
    try folder.append("export", export.array)
    let writer = try #require(Self.writer)
    let command = "\"$0\" --output=\"$1\" - < \"$2\" 2> \"$3\""
    let path = folder.file("\(directory)/\(file).journal")
    let result = try ChildProcess.run(
      ["/bin/sh", "-c", command, writer, path, folder.file("export"), folder.file("errors")], outputLimit: 1000, seconds: 30)
    try #require(result.termination == .exited(0), "the journal cannot be made")
    if let last = entries.last { try boot(last.boot) }
  }

  /// Removes a file of the journal, as journald does when there are too many.
  func vacuum(_ file: String) throws { try folder.remove("\(directory)/\(file).journal") }

  /// What the real `journalctl` says.
  func ask(_ arguments: String...) throws -> String {
    let result = try ChildProcess.run(
      [Self.journalctl ?? "journalctl", "--directory=\(folder.file(directory))", "--quiet"] + arguments, outputLimit: 1 << 20, seconds: 30)
    try #require(result.termination == .exited(0))
    return String(decoding: result.output, as: UTF8.self)
  }

  /// A position at this entry, as if all up to it were delivered.
  func position(at number: Int) throws -> String {
    let lines = try ask("--output=json").split(separator: "\n")
    for line in lines {
      let entry = try JSONValue(line.utf8)
      guard entry["__MONOTONIC_TIMESTAMP"]?.string == "\(number * 1_000_000)" else { continue }
      let time = try #require(entry["__REALTIME_TIMESTAMP"]?.string.flatMap { Int64($0) })
      return JournalPosition(cursor: try #require(entry["__CURSOR"]?.string), time: time).token
    }
    throw SystemError("find entry \(number)", code: ENOENT)
  }
}
