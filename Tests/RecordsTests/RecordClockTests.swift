import Testing

@testable internal import Records
internal import TestSupport
internal import Unix

@Suite struct RecordClockTests {
  @Test func isReadAsItIsWritten() {
    let buffer = ByteBuffer()
    let clock = RecordClock(boot: 0x00c2_a17f, reading: Clock.Reading(realtime: 1_795_341_600_000, sinceBoot: 360_123))
    clock.append(to: buffer)
    #expect(buffer.text == "00c2a17f:1795341600000:360123")
    #expect(RecordClock(buffer.bytes) == clock)
    #expect(clock.reading.bootTime == 1_795_341_239_877)
  }

  @Test(arguments: [
    "", ":", "::", "00c2a17f:1:", "00c2a17f:1:2:3", "c2a17f:1:2", "00c2a17f:-1:2", "00c2a17f:1:2 ", "00c2a17g:1:2", "+0c2a17f:1:2",
    "00c2a17f:12345678901234567:2", "00c2a17f:1:12345678901234567", "00c2a17f:1:\u{0663}",
  ])
  func nothingElseIsOne(_ text: String) { Array(text.utf8).withUnsafeBytes { #expect(RecordClock($0) == nil) } }
}
