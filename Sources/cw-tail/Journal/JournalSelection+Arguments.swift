internal import Config

/// The selection of journal entries, as arguments of `journalctl`. A glob among the units is resolved when `journalctl` starts.
extension JournalSelection {
  /// Where reading begins.
  enum Origin: Equatable {
    /// The first entry there is.
    case start
    /// An entry, itself included.
    case cursor(String)
    /// Microseconds since the epoch.
    case time(Int64)
  }

  /// The arguments to find one entry, selected or not.
  /// - Parameters:
  ///   - origin: the entry is the first one from there on; nil: the newest.
  ///   - boot: restricts the search; nil: all boots.
  func probe(at origin: Origin?, boot: String?) -> [String] {
    var arguments = common + ["--output-fields=_BOOT_ID"]
    arguments += origin.map(Self.arguments) ?? ["--lines=1"]
    if let boot { arguments.append("_BOOT_ID=\(boot)") }
    return arguments
  }

  /// The arguments to read the selected entries from `origin` on, to the end of the journal or, if `follows`, for ever.
  ///
  /// `--follow` is limited to the present boot. The order across boots is unreliable: it is that of the wall clock if two files have
  /// different sequence number IDs, as a user's journal has before systemd 254.
  /// - Parameter boot: restricts the entries; nil: all boots.
  func arguments(from origin: Origin, boot: String?, follows: Bool) -> [String] {
    // One by one: a single expression takes an older compiler too long.
    var arguments = common
    arguments.append("--output-fields=\(JournalEntry.fields.joined(separator: ","))")
    if follows { arguments += ["--follow", "--no-tail"] }
    arguments += Self.arguments(origin)
    arguments += units.map { "--unit=\($0)" }
    if let priority { arguments.append("--priority=\(priority.rawValue)") }
    let fields = matchArguments(boot)
    if !fields.isEmpty { arguments += ["--"] + fields }
    return arguments
  }

  // Without `--all`, a field of more than 4 KiB would be null.
  private var common: [String] {
    let common = ["--quiet", "--no-pager", "--output=json", "--all"]
    return namespace.map { common + ["--namespace=\($0)"] } ?? common
  }

  private static func arguments(_ origin: Origin) -> [String] {
    switch origin {
    case .start: []
    // Not `--after-cursor`: if the entry is gone, it skips another one (before systemd 256).
    case .cursor(let cursor): ["--cursor=\(cursor)"]
    case .time(let time): ["--since=@\(max(time, 0) / 1_000_000).\(String(max(time, 0) % 1_000_000 + 1_000_000).dropFirst())"]
    }
  }

  // Not `--boot=ID`: it fails if the journal has nothing of that boot.
  private func matchArguments(_ boot: String?) -> [String] {
    let boot = boot.map { ["_BOOT_ID=\($0)"] } ?? []
    guard !matches.isEmpty else { return boot }
    let terms = matches.map { match in match.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + boot }
    return Array(terms.joined(separator: ["+"]))
  }
}
