/// Reads a JSON tree against the schema: values, and everything that is wrong with them.
struct ConfigurationReader {
  private(set) var configuration = Configuration()
  private(set) var problems: [Problem] = []

  init(_ root: JSON) {
    var configuration = Configuration()
    readObject(root, JSONPlace(line: root.line), keys: Schema.configuration, into: &configuration)
    readAuthentication(root, into: &configuration)
    readFiles(root, into: &configuration)
    readJournal(root, into: &configuration)
    self.configuration = configuration
    // Every check goes through the whole file; a person reads from top to bottom.
    problems = problems.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
  }

  /// One object and the objects in it.
  private mutating func readObject<Root>(_ json: JSON, _ place: JSONPlace, keys: [Key<Root>], into root: inout Root) {
    guard case .object(let members) = json.value else {
      let example = place.path.isEmpty ? ", such as {}" : ""
      complain(place, "expected an object, in braces\(example); found \(ValueType.text.found(json.value))")
      return
    }
    let lastIndices = Dictionary(members.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { $1 })
    var firstLines: [String: Int] = [:]
    for (index, member) in members.enumerated() {
      let inner = place.member(member)
      if let first = firstLines.updateValue(firstLines[member.key] ?? member.line, forKey: member.key) {
        warn(inner, "duplicate key \(inner.path), first in line \(first); the last one counts")
      }
      if lastIndices[member.key] == index { readMember(member.value, inner, keys: keys, into: &root) }
    }
  }

  private mutating func readMember<Root>(_ json: JSON, _ place: JSONPlace, keys: [Key<Root>], into root: inout Root) {
    if let key = keys.first(where: { $0.path == place.schemaPath }) {
      guard json.value != .null else { return }
      guard key.type.accepts(json.value) else {
        complain(place, "expected \(key.type.expectation); found \(key.type.found(json.value))")
        return
      }
      key.set(&root, json.value)
    } else if place.schemaPath == Schema.authenticationSection || place.schemaPath == Schema.collectList {
      return  // read on their own
    } else if Schema.known.contains(place.schemaPath) {
      if json.value != .null { readObject(json, place, keys: keys, into: &root) }
    } else if Schema.unsupported.contains(place.schemaPath) {
      warn(place, "key \(place.path) is known to the CloudWatch agent but not supported here yet; it has no effect")
    } else {
      let nearest = NearestKey.find(place.schemaPath, in: Schema.named)
      warn(place, "unknown key \(place.path)" + (nearest.map { "; did you mean \($0)?" } ?? "; it has no effect"))
    }
  }

  private mutating func readAuthentication(_ root: JSON, into configuration: inout Configuration) {
    guard let section = root["agent"]?.value["authentication"] else { return }
    let place = JSONPlace(path: Schema.authenticationSection, schemaPath: Schema.authenticationSection, line: section.line)
    var draft = AuthenticationDraft()
    readObject(section.value, place, keys: Schema.authentication, into: &draft)
    guard case .object = section.value.value else { return }
    if let complaint = AuthenticationDraft.complaint(keys: { section.value[$0] != nil }) { complain(place, complaint) }
    if root["agent"]?.value["region"] == nil {
      complain(place, "agent.region is missing; Cognito and IoT are asked in one region")
    }
    configuration.agent.authentication = draft.authentication
  }

  private mutating func readFiles(_ root: JSON, into configuration: inout Configuration) {
    guard let list = root["logs"]?.value["logs_collected"]?.value["files"]?.value["collect_list"] else { return }
    let place = JSONPlace(path: Schema.collectList, schemaPath: Schema.collectList, line: list.line)
    guard case .list(let elements) = list.value.value else {
      complain(place, "expected a list of objects, each with file_path; found \(ValueType.text.found(list.value.value))")
      return
    }
    var lines: [String: Int] = [:]
    for (index, element) in elements.enumerated() {
      let inner = place.element(index, line: element.line)
      var file = Configuration.File(filePath: "")
      readObject(element, inner, keys: Schema.file, into: &file)
      guard case .object = element.value else { continue }
      if element["file_path"] == nil { complain(inner, "file_path is missing") }
      if !file.filePath.isEmpty, let first = lines.updateValue(element.line, forKey: file.filePath) {
        complain(inner, "\(quoted(file.filePath)) is in the list twice, first in line \(first); join the two")
      }
      configuration.logs.files.append(file)
    }
  }

  /// The original's manual called the presence of `journal` enough, its code wanted `collect`: both shall do.
  private func readJournal(_ root: JSON, into configuration: inout Configuration) {
    guard let journal = root["logs"]?.value["logs_collected"]?.value["journal"] else { return }
    if journal.value["collect"] == nil { configuration.logs.journal.collect = true }
  }

  private mutating func complain(_ place: JSONPlace, _ text: String) {
    let subject = place.path.isEmpty ? "" : "\(place.path): "
    problems.append(Problem(severity: .error, line: place.line, text: subject + text))
  }

  private mutating func warn(_ place: JSONPlace, _ text: String) {
    problems.append(Problem(severity: .warning, line: place.line, text: text))
  }
}
