internal import Unix

@testable internal import Delivery

/// A segment of the spool, of whatever damage: what is whole in it is found.
///
/// A line that begins with `=` or `#` stands in it as a record or as a label, whose checksum no mutation would find; any other as it is.
func fuzzSpoolSegment(_ input: Bytes) {
  let segment = ByteBuffer()
  var sealed: [(start: Int, kind: SpoolRecord.Kind, payload: Range<Int>)] = []
  let host = SpoolRecord.Location(segment: 7, start: 0)
  for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
    let start = segment.count
    let kind: SpoolRecord.Kind? = line.first == UInt8(ascii: "=") ? .data : line.first == UInt8(ascii: "#") ? .label : nil
    guard let kind else {
      segment.append(Array(line))
      continue
    }
    segment.append([UInt8](repeating: 0, count: SpoolRecord.headerLength) + line.dropFirst())
    SpoolRecord.seal(segment, from: start, kind: kind, host)
    sealed.append((start, kind, start + SpoolRecord.headerLength..<segment.count))
  }
  let found = records(in: segment.bytes, host)
  for (start, kind, payload) in sealed {
    // Bytes that happen to be a record may hold others.
    let isFound = found.contains { $0.kind == kind && $0.payload == payload || $0.payload.contains(start) }
    hold(isFound, "the record at \(start) of \(segment.array) is found")
    let elsewhere = SpoolRecord.find(in: segment.bytes, at: start, SpoolRecord.Location(segment: 8, start: 0))
    hold(elsewhere != .record(kind, payload: payload), "a page of another segment is no record")
  }
  let contents = SpoolInventory.Contents(segment.bytes, 7, acknowledgedUpTo: -1)
  hold(contents.count == found.filter { $0.kind == .data }.count, "an inventory counts the records")
  _ = SpoolInventory.Contents(segment.bytes, 7, acknowledgedUpTo: input.count)
}

private func records(in bytes: Bytes, _ host: SpoolRecord.Location) -> [(kind: SpoolRecord.Kind, payload: Range<Int>)] {
  var (index, found): (Int, [(kind: SpoolRecord.Kind, payload: Range<Int>)]) = (0, [])
  while true {
    switch SpoolRecord.find(in: bytes, at: index, host) {
    case .end: return found
    case .damage(let next):
      hold(next > index && next <= bytes.count, "a damage has an end")
      index = next
    case .record(let kind, let payload):
      hold(payload.lowerBound > index && payload.upperBound <= bytes.count, "a record lies in the segment")
      found.append((kind, payload))
      index = payload.upperBound
    }
  }
}
