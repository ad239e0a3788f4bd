internal import Unix

/// Finds where any of several short texts stands, faster than memory is copied by most programs.
///
/// A window of `stride + 1` bytes is chosen in each text; all pairs of neighbours in the window are marked in a table. Wherever the
/// text stands, one of every `stride` offsets in a row falls on a marked pair, so only each `stride`-th offset is looked at.
/// The steps do not depend on each other, so that the processor does several at once.
final class LiteralScanner {
  struct Hit {
    /// In the bytes of one of the text's occurrences.
    let offset: Int
    /// The number of the entry, to go on from.
    fileprivate let entry: Int
    /// Number of the owner of the text.
    let owner: Int
  }

  /// A text that may stand where a marked pair was found.
  private struct Entry {
    /// The pair's distance from the text's beginning.
    let offset: Int
    let text: UnsafePointer<UInt8>
    let length: Int
    let owner: Int
    /// Whether it is the last of its bucket.
    var isLast = false
  }

  private let stride: Int
  // Memory of our own, because the hot loop should count no references.
  /// For each pair of bytes 0, or one more than the number of its bucket.
  private let table: UnsafeMutablePointer<UInt8>
  /// For each bucket its first entry.
  private let buckets: UnsafeMutablePointer<Int>
  private let entries: UnsafeMutablePointer<Entry>
  private let texts: [UnsafeMutablePointer<UInt8>]

  /// Texts of at least two bytes, each with the number of its owner.
  init(_ texts: [(text: [UInt8], owner: Int)]) {
    let shortest = texts.map(\.text.count).min() ?? 2
    stride = max(min(shortest - 1, 4), 1)
    table = .allocate(capacity: 1 << 16)
    table.initialize(repeating: 0, count: 1 << 16)
    let copies = texts.map { text, _ in
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(text.count, 1))
      copy.initialize(from: text, count: text.count)
      return copy
    }
    self.texts = copies
    var marked: [Int: [Entry]] = [:]
    for ((text, owner), copy) in zip(texts, copies) where text.count > stride {
      let first = Self.rarestWindow(of: text, length: stride + 1)
      for offset in first..<(first + stride) {
        let entry = Entry(offset: offset, text: copy, length: text.count, owner: owner)
        marked[Int(text[offset]) | Int(text[offset + 1]) << 8, default: []].append(entry)
      }
    }
    // Pairs beyond the 255th share buckets, which costs a comparison and changes nothing.
    let pairs = marked.sorted { $0.key < $1.key }
    let bucketCount = min(pairs.count, 255)
    buckets = .allocate(capacity: max(bucketCount, 1))
    var list: [Entry] = []
    for number in 0..<bucketCount {
      (buckets + number).initialize(to: list.count)
      for index in Swift.stride(from: number, to: pairs.count, by: 255) {
        table[pairs[index].key] = UInt8(number + 1)
        list += pairs[index].value
      }
      list[list.count - 1].isLast = true
    }
    entries = .allocate(capacity: max(list.count, 1))
    entries.initialize(from: list, count: list.count)
  }

  deinit {
    table.deallocate()
    buckets.deallocate()
    entries.deallocate()
    for text in texts { text.deallocate() }
  }

  /// The first hit at or behind `start`, which must not lie inside a text that is looked for.
  func first(in bytes: UnsafeRawBufferPointer, from start: Int) -> Hit? { search(bytes, start) }

  /// The next hit.
  func next(in bytes: UnsafeRawBufferPointer, after hit: Hit) -> Hit? {
    var entry = hit.entry
    while !entries[entry].isLast {
      entry += 1
      if stands(entry, in: bytes, at: hit.offset) { return Hit(offset: hit.offset, entry: entry, owner: entries[entry].owner) }
    }
    return search(bytes, hit.offset + stride)
  }

  private func search(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Hit? {
    guard let base = bytes.baseAddress else { return nil }
    let end = bytes.count - 1
    var offset = start
    while true {
      offset = firstMarked(base, offset, end)
      guard offset < end else { return nil }
      var entry = buckets[Int(table[pair(base, offset)]) - 1]
      while true {
        if stands(entry, in: bytes, at: offset) { return Hit(offset: offset, entry: entry, owner: entries[entry].owner) }
        if entries[entry].isLast { break }
        entry += 1
      }
      offset += stride
    }
  }

  @inline(__always)
  private func pair(_ base: UnsafeRawPointer, _ offset: Int) -> Int {
    Int(UInt16(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }

  /// The first offset of `start`, `start + stride`, ... that is marked, or one at or behind `end`, the last byte.
  @inline(__always)
  private func firstMarked(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
    var offset = start
    let step = stride
    while offset + 3 * step < end {
      let near = table[pair(base, offset)] | table[pair(base, offset + step)]
      let far = table[pair(base, offset + 2 * step)] | table[pair(base, offset + 3 * step)]
      if near | far != 0 { break }
      offset += 4 * step
    }
    while offset < end, table[pair(base, offset)] == 0 { offset += step }
    return offset
  }

  @inline(__always)
  private func stands(_ number: Int, in bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    let start = offset - entries[number].offset
    let length = entries[number].length
    guard start >= 0, let base = bytes.baseAddress, bytes.count - start >= length else { return false }
    return memcmp(base + start, entries[number].text, length) == 0
  }

  // MARK: - rare bytes

  /// Printable ASCII as logs have it, the most frequent first; what is missing is rarer than all.
  private static let frequent = Array(" e0t1aionsr2l3dc45\"6/.87m9:pu-hfg,=bv_ywk[](){}ETSAIPRDNCOLxMGjzFUqHWKBV;%?&".utf8)

  private static func rarestWindow(of text: [UInt8], length: Int) -> Int {
    let ranks = text.map { frequent.firstIndex(of: $0) ?? frequent.count }
    let starts = 0...(text.count - length)
    func rank(_ start: Int) -> Int { ranks[start..<start + length].reduce(0, +) }
    return starts.max { rank($0) < rank($1) } ?? 0
  }
}
