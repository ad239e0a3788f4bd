import Testing

@testable internal import Records
internal import TestSupport
internal import Unix

@Suite struct LogRecordWriterTests {
  @Test func writesTheKeysInTheirOrderWithoutSpaces() {
    let writer = LogRecordWriter(buffer: ByteBuffer())
    let source = LogRecordWriter.Source("/var/log/syslog")
    Array("a \"b\"\n".utf8).withUnsafeBytes {
      #expect(writer.append(source, position: "8:1f:42", timestamp: 1_795_341_600_000, message: $0) == 0)
      #expect(writer.append(source, position: nil, timestamp: 0, message: $0) == 0)
    }
    writer.append(source, position: "8:1f:50")
    writer.appendEnd()
    #expect(
      writer.buffer.bytes.text == #"""
        {"source":"/var/log/syslog","position":"8:1f:42","timestamp":1795341600000,"message":"a \"b\"\n"}
        {"source":"/var/log/syslog","timestamp":0,"message":"a \"b\"\n"}
        {"source":"/var/log/syslog","position":"8:1f:50"}
        {"end":3}

        """#)
    #expect(writer.count == 3)
  }

  @Test func tellsTheClockWhenItIsNews() {
    let writer = LogRecordWriter(buffer: ByteBuffer())
    let source = LogRecordWriter.Source("/a")
    var clocks: [String?] = []
    func append(_ timestamp: Int64, at realtime: Int64, _ sinceBoot: Int64, to source: LogRecordWriter.Source) {
      writer.buffer.removeAll()
      writer.clock = RecordClock(boot: 0xAB, reading: Clock.Reading(realtime: realtime, sinceBoot: sinceBoot))
      writer.append(source, timestamp: timestamp, message: UnsafeRawBufferPointer(start: nil, count: 0))
      if case .record(let record) = LogRecord.parse(writer.buffer.bytes.part(0..<writer.buffer.count - 1)) {
        clocks.append(record.clock?.text)
      }
    }
    append(5000, at: 5000, 100, to: source)
    append(5000, at: 5000, 100, to: source)
    append(5200, at: 5200, 300, to: source)
    append(77, at: 5300, 400, to: source)
    append(78, at: 9_005_400, 500, to: source)
    append(79, at: 9_005_500, 600, to: .init("/b"))
    #expect(clocks == ["000000ab:5000:100", nil, "000000ab:5200:300", nil, "000000ab:9005400:500", "000000ab:9005500:600"])
  }

  @Test func theEndOfNothingIsZero() {
    let writer = LogRecordWriter(buffer: ByteBuffer())
    writer.appendEnd()
    #expect(writer.buffer.bytes.text == "{\"end\":0}\n")
  }

  @Test func countsWhatItRepaired() {
    let writer = LogRecordWriter(buffer: ByteBuffer())
    ([0x61, 0xFF, 0xFE, 0x62] as [UInt8]).withUnsafeBytes {
      #expect(writer.append(.init("/a"), position: nil, timestamp: 1, message: $0) == 2)
    }
    #expect(writer.buffer.bytes.text == "{\"source\":\"/a\",\"timestamp\":1,\"message\":\"a\u{FFFD}\u{FFFD}b\"}\n")
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func whatIsWrittenIsReadBackAndIsJSON(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let writer = LogRecordWriter(buffer: ByteBuffer())
    for _ in 0..<30 {
      writer.buffer.removeAll()
      let name = "/" + random.text(scalars: random.pick(0...10))
      let source = LogRecordWriter.Source(name)
      let position = random.oneIn(3) ? nil : random.text(scalars: random.pick(0...10))
      let timestamp = Int64(bitPattern: random.next()) >> Int64(random.pick(0...60))
      let raw = random.bytes(count: random.pick(0...40))
      let hasMessage = position == nil || !random.oneIn(3)
      if hasMessage {
        raw.withUnsafeBytes { _ = writer.append(source, position: position, timestamp: timestamp, message: $0) }
      } else if let position {
        writer.append(source, position: position)
      }

      let line = Array(writer.buffer.bytes)
      #expect(line.last == 0x0A)
      #expect(line.filter { $0 == 0x0A }.count == 1)
      let json = try JSONValue(line)
      let message = hasMessage ? String(decoding: raw, as: UTF8.self) : nil
      #expect(json["source"] == .string(name))
      #expect(json["position"] == position.map(JSONValue.string))
      #expect(json["message"] == message.map(JSONValue.string))

      line.dropLast().withUnsafeBytes { bytes in
        guard case .record(let record) = LogRecord.parse(bytes) else {
          Issue.record("not read back: \(bytes.text)")
          return
        }
        #expect(Self.unescaped(record.source) == name)
        #expect(record.position.map(Self.unescaped) == position)
        #expect(record.timestamp == (hasMessage ? timestamp : nil))
        #expect(record.message.map(Self.unescaped) == message)
        #expect(record.messageLength == message?.utf8.count ?? 0)
        if let message, let inside = record.message { #expect(record.messageHasEscapes == !inside.elementsEqual(message.utf8)) }
        #expect(record.group == nil)
        #expect(record.stream == nil)
      }
    }
    #expect(writer.count == 30)
  }

  /// The worst that can be: the longest event, all of it escaped, of a file with the longest path, all of it escaped.
  @Test func noLineIsLongerThanTheBound() {
    let writer = LogRecordWriter(buffer: ByteBuffer())
    let source = LogRecordWriter.Source(String(repeating: "\u{1}", count: 4096))
    [UInt8](repeating: 1, count: 1 << 20).withUnsafeBytes {
      _ = writer.append(source, position: String(repeating: "f", count: 200), timestamp: .min, message: $0)
    }
    #expect(writer.buffer.count > 6 << 20)
    #expect(writer.buffer.count <= LogRecord.maximumLineLength)
  }

  private static func unescaped(_ inside: UnsafeRawBufferPointer) -> String {
    let buffer = ByteBuffer()
    JSONText.appendUnescaped(inside, to: buffer)
    return buffer.bytes.text
  }
}
