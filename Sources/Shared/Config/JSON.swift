/// A JSON value of a configuration file, and the line where it begins.
package struct JSON: Equatable, Sendable {
  package var value: Value
  /// Counted from 1; 0 for a value that was not read from a file.
  package var line: Int

  /// A value, and its line from 1; 0: it was not read from a file.
  package init(_ value: Value, line: Int = 0) {
    self.value = value
    self.line = line
  }

  package indirect enum Value: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(Number)
    case text(String)
    case list([JSON])
    /// In the order of the file, a repeated key as often as it stands there.
    case object([Member])
  }

  /// A number and how it is written: of a long one a `Double` holds only the beginning.
  package struct Number: Equatable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    package let value: Double
    package let text: String

    init(_ value: Double, text: String) {
      self.value = value
      self.text = text
    }

    init(_ value: Double) { self.init(value, text: Int64(exactly: value).map { String($0) } ?? String(value)) }

    /// A whole number.
    package init(integerLiteral value: Int) { self.init(Double(value)) }
    /// A number as Swift writes it.
    package init(floatLiteral value: Double) { self.init(value) }

    /// Compares the values, not the spellings.
    package static func == (left: Number, right: Number) -> Bool { left.value == right.value }
  }

  package struct Member: Equatable, Sendable {
    package let key: String
    /// The line of the key.
    package let line: Int
    package var value: JSON
  }

  /// The values in bytes from outside; nil if they are no JSON.
  package init?(parsing text: [UInt8]) {
    guard let json = try? JSONParser.parse(text) else { return nil }
    self = json
  }

  /// The member of an object; of a repeated key the last, as Python has it. Nil where there is none or it is `null`, which
  /// means the same in a configuration.
  package subscript(key: String) -> Member? {
    guard case .object(let members) = value, let member = members.last(where: { $0.key == key }), member.value.value != .null else {
      return nil
    }
    return member
  }

  /// Whether a key that is wanted stands anywhere in it.
  func mentions(_ isWanted: (String) -> Bool) -> Bool {
    switch value {
    case .object(let members): members.contains { isWanted($0.key) || $0.value.mentions(isWanted) }
    case .list(let elements): elements.contains { $0.mentions(isWanted) }
    case .null, .boolean, .number, .text: false
    }
  }

  /// Puts a value into an object of objects; `path` has the keys on the way, which are made where they are missing. Where a
  /// key is repeated, the last counts.
  package mutating func insert(_ new: Value, at path: ArraySlice<Substring>) {
    guard let key = path.first else {
      value = new
      return
    }
    var members: [Member] = []
    if case .object(let present) = value { members = present }
    let index = members.lastIndex { $0.key == key } ?? members.endIndex
    if index == members.endIndex { members.append(Member(String(key), .object([]))) }
    members[index].value.insert(new, at: path.dropFirst())
    value = .object(members)
  }

  /// Takes a value out of an object of objects, as often as it stands there.
  mutating func remove(at path: ArraySlice<Substring>) {
    guard let key = path.first, case .object(var members) = value else { return }
    let rest = path.dropFirst()
    if rest.isEmpty { members.removeAll { $0.key == key } }
    for index in members.indices where members[index].key == key { members[index].value.remove(at: rest) }
    value = .object(members)
  }
}
