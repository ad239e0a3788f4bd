internal import Records
package import Unix

extension ByteBuffer {
  /// Appends `"name":"value"` members with commas between them; those without a value are left out.
  package func append(members: [(String, String?)]) {
    var separator = ""
    for case (let name, let value?) in members {
      append("\(separator)\"\(name)\":")
      JSONText.append(string: value, to: self)
      separator = ","
    }
  }
}
