/// Which entries of the journal are wanted, and how `journalctl` is asked for them.
struct JournalQuery: Equatable {
  /// `ssh.service`, or a glob; none: all. A glob is resolved when `journalctl` starts.
  var units: [String] = []
  /// The least urgent priority that is wanted: a name (`warning`) or a number (`4`).
  var priority: String?
  /// Field and value: all pairs of one element must match, of any one element.
  var matches: [[String: String]] = []

  /// Where reading begins.
  enum Origin: Equatable {
    /// The start of the present boot.
    case boot
    /// An entry, itself included.
    case cursor(String)
    /// Microseconds since the epoch.
    case time(Int64)
  }

  /// For a look at one entry, whatever it is. Its fields are in any answer.
  static func look(at origin: Origin?) -> [String] {
    common + ["--output-fields=_BOOT_ID"] + (origin.map(arguments) ?? ["--lines=1"])
  }

  /// For reading what is wanted from `origin` on, to the end of the journal or, if `follows`, for ever.
  ///
  /// `--follow` sees the present boot only, whatever else is asked for (systemd 252), so it is for one who has read to the end.
  func arguments(from origin: Origin, follows: Bool) -> [String] {
    // One by one: put together in an expression they take an older compiler too long.
    var arguments = Self.common
    arguments.append("--output-fields=\(JournalEntry.fields.joined(separator: ","))")
    if follows { arguments += ["--follow", "--no-tail"] }
    arguments += Self.arguments(origin)
    arguments += units.map { "--unit=\($0)" }
    if let priority { arguments.append("--priority=\(priority)") }
    if !matches.isEmpty { arguments += ["--"] + matchArguments }
    return arguments
  }

  // `--all`: a field of more than 4 KiB would be null.
  private static let common = ["--quiet", "--no-pager", "--output=json", "--all"]

  private static func arguments(_ origin: Origin) -> [String] {
    switch origin {
    case .boot: ["--boot"]
    // Not `--after-cursor`: where the entry is gone, it leaves one out (before systemd 256).
    case .cursor(let cursor): ["--cursor=\(cursor)"]
    case .time(let time): ["--since=@\(max(time, 0) / 1_000_000).\(String(max(time, 0) % 1_000_000 + 1_000_000).dropFirst())"]
    }
  }

  private var matchArguments: [String] {
    Array(matches.map { match in match.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }.joined(separator: ["+"]))
  }
}
