internal import Unix

/// Which entries of the systemd journal are meant; without anything, all of them.
package struct JournalSelection: Equatable, Sendable {
  /// Entries of any of these units; empty: of all.
  package var units: [String] = []
  /// Entries of this priority and of graver ones. Nil: all, those without a priority too.
  package var priority: Priority?
  /// Fields and values that an entry must have: all of one element, of any element.
  package var matches: [[String: String]] = []
  /// Entries of the units with this `LogNamespace=`, which journald keeps apart; nil: the others.
  package var namespace: String?

  /// As syslog(3) and journalctl(1) call them, the gravest first.
  package enum Priority: String, NamedChoice {
    case emerg, alert, crit, err, warning, notice, info, debug

    /// Its name, or its number from 0 to 7 as a number or in quotes.
    package init?(_ json: JSON.Value) {
      let text = String(json) ?? ""
      let named = Self.allCases.first { $0.rawValue == text.lowercased() }
      guard let found = named ?? Self.allCases.enumerated().first(where: { "\($0.offset)" == text })?.element else { return nil }
      self = found
    }
  }

  /// The name of a source, which depends on nothing but what is selected: positions are stored under it, so it must outlive a
  /// change of the order in the configuration.
  package var source: String {
    if self == JournalSelection() { return "journal" }
    let units = Set(units).sorted()
    let matches = Set(matches.map { $0.sorted { $0.key < $1.key }.map { [$0.key, $0.value] } }).sorted { "\($0)" < "\($1)" }
    let words = units + matches.joined().joined()
    let text = [
      namespace.map { "namespace=\($0)" },
      units.isEmpty ? nil : "units=" + units.joined(separator: ","), priority.map { "priority=\($0.rawValue)" },
      matches.isEmpty
        ? nil : "matches=" + matches.map { $0.map { $0.joined(separator: "=") }.joined(separator: "&") }.joined(separator: "|"),
    ].compactMap { $0 }.joined(separator: ";")
    // It stands in every record, so it is short; and of what could be read in two ways, only a checksum tells one from the other.
    if text.utf8.count <= 80, (words + [namespace ?? ""]).allSatisfy({ $0.consists(of: Self.plainBytes, 0...80) }) {
      return "journal:" + text
    }
    var checksum = Checksum()
    for word in [units, [priority?.rawValue ?? ""]] + matches.joined() + matches.map({ ["\($0.count)"] }) {
      for text in word { checksum.add(Array(text.utf8) + [0]) }
      checksum.add([1])
    }
    if let namespace { checksum.add(Array("namespace=\(namespace)".utf8)) }
    return "journal:" + String(checksum.value, radix: 16)
  }

  private static let plainBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@/-"
}
