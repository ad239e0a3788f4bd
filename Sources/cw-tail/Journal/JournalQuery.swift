/// Which entries of the journal are wanted, and how `journalctl` is asked for them.
struct JournalQuery: Equatable {
  /// `ssh.service`, or a glob; none: all. A glob is resolved when `journalctl` starts.
  var units: [String] = []
  /// The least urgent priority that is wanted: a name (`warning`) or a number (`4`).
  var priority: String?
  /// Field and value: all pairs of one element must match, of any one element.
  var matches: [[String: String]] = []
  /// Whose journal it is: that of the units with this `LogNamespace=`; nil: the system's.
  var namespace: String?

  /// Where reading begins.
  enum Origin: Equatable {
    /// The first entry there is.
    case start
    /// An entry, itself included.
    case cursor(String)
    /// Microseconds since the epoch.
    case time(Int64)
  }

  /// For a look at one entry, whatever it is: the first from `origin` on, or the newest. Its fields are in any answer.
  /// - Parameter boot: whose entries; nil: of all boots.
  func look(at origin: Origin?, boot: String?) -> [String] {
    var arguments = common + ["--output-fields=_BOOT_ID"]
    arguments += origin.map(Self.arguments) ?? ["--lines=1"]
    if let boot { arguments.append("_BOOT_ID=\(boot)") }
    return arguments
  }

  /// For reading what is wanted from `origin` on, to the end of the journal or, if `follows`, for ever.
  ///
  /// `--follow` sees the present boot only, whatever else is asked for. Over several boots the order is not to be relied on: it is
  /// that of the wall clock where two files have different sequence number ids, as a user's has before systemd 254.
  /// - Parameter boot: whose entries; nil: of all boots.
  func arguments(from origin: Origin, boot: String?, follows: Bool) -> [String] {
    // One by one: put together in an expression they take an older compiler too long.
    var arguments = common
    arguments.append("--output-fields=\(JournalEntry.fields.joined(separator: ","))")
    if follows { arguments += ["--follow", "--no-tail"] }
    arguments += Self.arguments(origin)
    arguments += units.map { "--unit=\($0)" }
    if let priority { arguments.append("--priority=\(priority)") }
    let fields = matchArguments(boot)
    if !fields.isEmpty { arguments += ["--"] + fields }
    return arguments
  }

  // `--all`: a field of more than 4 KiB would be null.
  private var common: [String] {
    let common = ["--quiet", "--no-pager", "--output=json", "--all"]
    return namespace.map { common + ["--namespace=\($0)"] } ?? common
  }

  private static func arguments(_ origin: Origin) -> [String] {
    switch origin {
    case .start: []
    // Not `--after-cursor`: where the entry is gone, it leaves one out (before systemd 256).
    case .cursor(let cursor): ["--cursor=\(cursor)"]
    case .time(let time): ["--since=@\(max(time, 0) / 1_000_000).\(String(max(time, 0) % 1_000_000 + 1_000_000).dropFirst())"]
    }
  }

  // Not `--boot=ID`: where nothing of that boot is in the journal, it fails.
  private func matchArguments(_ boot: String?) -> [String] {
    let boot = boot.map { ["_BOOT_ID=\($0)"] } ?? []
    guard !matches.isEmpty else { return boot }
    let terms = matches.map { match in match.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + boot }
    return Array(terms.joined(separator: ["+"]))
  }
}
