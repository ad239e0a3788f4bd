internal import TestSupport
import Testing
internal import Unix

@testable internal import Delivery

/// Whatever happens to the files between two runs: every record that is still whole comes back, in order, and nothing else.
@Suite struct SpoolDamageTests {
  /// A record whose place in its file is known.
  private struct Written {
    let bytes: [UInt8]
    let file: String
    let range: Range<Int>
  }

  @Test(arguments: 1...200)
  func everyWholeRecordComesBack(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let host = try SpoolFolder()
    var alive: [Written] = []
    var number = 0
    for _ in 0..<random.pick(1...4) {
      // One run: it finds what is there, hands some of it out, settles some of that, takes more, and dies.
      var spool: Spool? = try host.open()
      #expect(spool?.waiting == alive.count, "seed \(seed)")
      var handedOut = 0
      for _ in 0..<random.pick(0...6) {
        for _ in 0..<random.pick(0...random.pick(1...60)) {
          number += 1
          let record = self.record(number, &random)
          spool?.append(record)
          if let segment = spool?.segments.last {
            alive.append(
              Written(
                bytes: record, file: SpoolFiles(directory: host.path).segment(segment.sequence),
                range: segment.size - record.count - SpoolRecord.headerLength..<segment.size))
          }
        }
        spool?.flush()
        for _ in 0..<random.pick(0...40) {
          guard let record = spool?.nextBytes() else { break }
          let isNext = handedOut < alive.count && record == alive[handedOut].bytes
          #expect(isNext, "seed \(seed)")
          handedOut += 1
        }
        if random.oneIn(2), let position = spool?.position {
          spool?.acknowledge(upTo: position)
          alive.removeFirst(handedOut)
          handedOut = 0
        }
        spool?.turn(now: host.now)
        host.now += 500_000_000
      }
      spool = nil
      if random.oneIn(4) { unlink("\(host.path)/acknowledged") }
      // Without the hint what was settled of the oldest segment comes again: the model begins anew with what is found.
      alive = try found(in: host, alive, seed)
      for file in try host.segments() where random.oneIn(2) {
        let before = try TextFile.read(file)
        let after = damaged(before, &random)
        try host.overwrite(file, after)
        alive.removeAll { $0.file == file && !isSame(before, after, $0.range) }
      }
    }
    let spool = try host.open()
    var back: [[UInt8]] = []
    while let record = spool.nextBytes() { back.append(record) }
    let isAllAndNothingElse = back == alive.map(\.bytes)
    #expect(isAllAndNothingElse, "seed \(seed): \(back.count) and not \(alive.count) records")
    #expect(spool.waiting == back.count, "seed \(seed)")
    spool.acknowledge(upTo: spool.position)
    spool.close()
    #expect(try host.segments().isEmpty, "seed \(seed)")
  }

  // Records that contain what looks like a header, and now and then one that fills a segment.
  private func record(_ number: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = Array("\(number) ".utf8) + random.bytes(count: random.pick(0...(random.oneIn(20) ? 4000 : 100)))
    if random.oneIn(5) { bytes += [0xF7, 0x63, 0x77, 0x73] + random.bytes(count: random.pick(0...20)) }
    if random.oneIn(100) { bytes += [UInt8](repeating: 0x20, count: random.pick(500_000...1_200_000)) }
    return bytes
  }

  // Of a hint that is gone: the segment's settled records count again.
  private func found(in host: SpoolFolder, _ alive: [Written], _ seed: Int) throws -> [Written] {
    var result: [Written] = []
    let hint = SpoolFiles(directory: host.path).readHint()
    for file in try host.segments() {
      let bytes = try TextFile.read(file)
      let sequence = Int64(file.suffix(22).prefix(16)) ?? 0
      var index = 0
      bytes.withUnsafeBytes { bytes in
        while true {
          switch SpoolRecord.find(in: bytes, at: index, .init(segment: sequence, start: 0)) {
          case .end: return
          case .damage(let next): index = next
          case .record(let kind, let payload):
            if kind == .data, hint?.acknowledged.sequence != sequence || payload.upperBound > hint?.acknowledged.offset ?? 0 {
              result.append(Written(bytes: Array(bytes.part(payload)), file: file, range: index..<payload.upperBound))
            }
            index = payload.upperBound
          }
        }
      }
    }
    // Nothing that is not settled may be missing.
    let isWhole = result.suffix(alive.count).elementsEqual(alive) { $0.bytes == $1.bytes }
    #expect(isWhole, "seed \(seed)")
    return result
  }

  private func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.pick(1...3) where !bytes.isEmpty {
      let host = random.pick(0...bytes.count - 1)
      switch random.pick(0...3) {
      case 0: bytes.removeSubrange(host...)
      case 1: bytes[host] ^= UInt8(1 << random.pick(0...7))
      case 2:
        let page = host / 4096 * 4096
        for index in page..<min(page + 4096, bytes.count) { bytes[index] = 0 }
      default:
        let noise = random.bytes(count: min(random.pick(1...40), bytes.count - host))
        bytes.replaceSubrange(host..<host + noise.count, with: noise)
      }
    }
    return bytes
  }

  private func isSame(_ before: [UInt8], _ after: [UInt8], _ range: Range<Int>) -> Bool {
    range.upperBound <= after.count && before[range].elementsEqual(after[range])
  }

  /// A page of another segment that a power cut brings up is no record, and neither is one that moved.
  @Test func aRecordCountsInItsPlaceOnly() throws {
    let buffer = ByteBuffer()
    _ = buffer.reserve(SpoolRecord.headerLength)
    buffer.advance(SpoolRecord.headerLength)
    buffer.append("payload")
    SpoolRecord.seal(buffer, from: 0, kind: .data, .init(segment: 7, start: 100))
    let bytes = buffer.array
    bytes.withUnsafeBytes { bytes in
      #expect(SpoolRecord.find(in: bytes, at: 0, .init(segment: 7, start: 100)) == .record(.data, payload: 12..<19))
      #expect(SpoolRecord.find(in: bytes, at: 0, .init(segment: 8, start: 100)) == .damage(until: 19))
      #expect(SpoolRecord.find(in: bytes, at: 0, .init(segment: 7, start: 101)) == .damage(until: 19))
      #expect(SpoolRecord.find(in: bytes, at: 19, .init(segment: 7, start: 100)) == .end)
    }
  }

  /// Any single byte that changes makes it no record.
  @Test func everyByteIsCovered() throws {
    let buffer = ByteBuffer()
    _ = buffer.reserve(SpoolRecord.headerLength)
    buffer.advance(SpoolRecord.headerLength)
    buffer.append("payload")
    SpoolRecord.seal(buffer, from: 0, kind: .data, .init(segment: 1, start: 0))
    for index in 0..<buffer.count {
      for bit in 0..<8 {
        var bytes = buffer.array
        bytes[index] ^= UInt8(1 << bit)
        let isDamage = bytes.withUnsafeBytes { SpoolRecord.find(in: $0, at: 0, .init(segment: 1, start: 0)) == .damage(until: 19) }
        #expect(isDamage)
      }
    }
  }
}
