/// Where a value stands in a configuration file.
struct JSONLocation {
  /// For people: `logs.logs_collected.files.collect_list[2].file_path`.
  var path = ""
  /// For the schema: the same with `[]` for every index.
  var schemaPath = ""
  /// Where a person has to look: the line of the key, or of the element.
  var line = 1

  /// Whether a value here may be shown in a message: beside a password's key, its value may stand under another.
  var mayQuote: Bool { schemaPath != Schema.authenticationSection && !schemaPath.hasPrefix("\(Schema.authenticationSection).") }

  func member(_ member: JSON.Member) -> JSONLocation {
    func joined(_ parent: String) -> String { parent.isEmpty ? member.key : "\(parent).\(member.key)" }
    return JSONLocation(path: joined(path), schemaPath: joined(schemaPath), line: member.line)
  }

  func element(_ index: Int, line: Int) -> JSONLocation {
    JSONLocation(path: "\(path)[\(index)]", schemaPath: schemaPath + "[]", line: line)
  }
}
