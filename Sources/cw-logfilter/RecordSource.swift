internal import Patterns
internal import Records
internal import Unix

/// What is known of one source of records.
final class RecordSource {
  /// The source as it stands in records, still escaped.
  let name: ByteBuffer
  /// Nil: all its events pass.
  let rules: FilterRules?
  /// The latest position that came with a dropped record, and was not passed on; empty if there is none.
  let position = ByteBuffer(capacity: 64)
  /// The same of clocks: it holds for the events behind it too.
  let clock = ByteBuffer(capacity: 64)
  /// Records dropped since a position of this source was written.
  var dropped = 0
  /// Whether it is on the list of those with a position to pass on.
  var isListed = false

  init(name: UnsafeRawBufferPointer, rules: FilterRules?) {
    self.name = ByteBuffer(capacity: name.count)
    self.name.append(name)
    self.rules = rules
  }

  /// A source's name as people know it.
  static func text(of name: UnsafeRawBufferPointer) -> String {
    let buffer = ByteBuffer(capacity: name.count)
    JSONText.appendUnescaped(name, to: buffer)
    return buffer.text
  }
}

/// Finds sources by their names without making a string of each.
struct RecordSources {
  private struct Key: Hashable {
    let bytes: UnsafeRawBufferPointer

    static func == (a: Key, b: Key) -> Bool { a.bytes.equals(b.bytes) }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
  }

  /// The keys lie in the sources' own names.
  private var sources: [Key: RecordSource] = [:]
  private var last: RecordSource?
  private let make: (UnsafeRawBufferPointer) -> RecordSource

  init(make: @escaping (UnsafeRawBufferPointer) -> RecordSource) { self.make = make }

  mutating func find(_ name: UnsafeRawBufferPointer) -> RecordSource {
    // Records of one source come in a row.
    if let last, last.name.bytes.equals(name) { return last }
    let source: RecordSource
    if let known = sources[Key(bytes: name)] {
      source = known
    } else {
      source = make(name)
      sources[Key(bytes: source.name.bytes)] = source
    }
    last = source
    return source
  }

  /// It will not come again as a rule.
  mutating func forget(_ source: RecordSource) {
    last = nil
    sources.removeValue(forKey: Key(bytes: source.name.bytes))
  }
}
