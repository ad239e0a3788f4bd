internal import Patterns
internal import Records
internal import Unix

/// The state of the filter for one source of records.
final class RecordSource {
  /// The name as records have it, still escaped.
  let name: ByteBuffer
  /// Nil: all its events pass.
  let rules: FilterRules?
  /// The latest position of a dropped record that was not passed on yet; empty if there is none.
  let position = ByteBuffer(capacity: 64)
  /// The same for clocks, which hold for the following events as well.
  let clock = ByteBuffer(capacity: 64)
  /// Records dropped since a position of this source was written.
  var dropped = 0
  /// Whether it is in `RecordFilter.sourcesWithPosition`.
  var isListed = false

  init(name: UnsafeRawBufferPointer, rules: FilterRules?) {
    self.name = ByteBuffer(capacity: name.count)
    self.name.append(name)
    self.rules = rules
  }

  /// The unescaped name of a source.
  static func text(of name: UnsafeRawBufferPointer) -> String {
    let buffer = ByteBuffer(capacity: name.count)
    JSONText.appendUnescaped(name, to: buffer)
    return buffer.text
  }
}

/// Finds sources by the bytes of their names, without making a string of each.
struct RecordSources {
  private struct Key: Hashable {
    let bytes: UnsafeRawBufferPointer

    static func == (a: Key, b: Key) -> Bool { a.bytes.equals(b.bytes) }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
  }

  /// The keys point to the sources' own names.
  private var sources: [Key: RecordSource] = [:]
  private var last: RecordSource?
  private let make: (UnsafeRawBufferPointer) -> RecordSource

  init(make: @escaping (UnsafeRawBufferPointer) -> RecordSource) { self.make = make }

  mutating func find(_ name: UnsafeRawBufferPointer) -> RecordSource {
    // Consecutive records often have the same source.
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

  /// Drops a source, which is created again should it come back.
  mutating func forget(_ source: RecordSource) {
    last = nil
    sources.removeValue(forKey: Key(bytes: source.name.bytes))
  }
}
