/// What is said of each log group, and where: one group cannot be made in two ways.
struct GroupLines {
  private let defaultName: String
  private var groups: [String: (settings: Configuration.GroupSettings, lines: [String: Int])] = [:]

  /// - Parameter defaultName: of the group of those that name none.
  init(_ defaultName: String) { self.defaultName = defaultName }

  /// Takes what one entry says of its group.
  /// - Returns: where it contradicts an entry before it.
  mutating func take(_ name: String?, _ settings: Configuration.GroupSettings, _ location: JSONLocation, _ json: JSON) -> [Diagnostic] {
    let name = name ?? defaultName
    var group = groups[name] ?? (Configuration.GroupSettings(), [:])
    let differing = group.settings.merge(settings)
    var diagnostics: [Diagnostic] = []
    for key in Schema.group.map(\.path) {
      guard let member = json[key] else { continue }
      if differing.contains(key) {
        let first = group.lines[key].map { " in line \($0)" } ?? ""
        let path = location.member(member).path
        diagnostics.append(
          Diagnostic(
            severity: .error, line: member.line, text: "\(path): the log group \(quoted(name)) has another \(key)\(first); give it one"))
      } else if group.lines[key] == nil, member.value.value != .number(-1) {
        group.lines[key] = member.line
      }
    }
    groups[name] = group
    return diagnostics
  }
}
