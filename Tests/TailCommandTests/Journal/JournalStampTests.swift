internal import Testing
internal import Unix

@testable internal import TailCommand

@Suite struct JournalStampTests {
  @Test func isTheLocalTimeAsLibCHasIt() {
    var stamp = JournalStamp()
    for time in [
      Int64(0), 1_700_000_000_000_000, 1_700_000_000_999_999, 1_700_000_001_000_000, 1_709_164_800_000_000, 1_798_761_599_000_000,
    ] {
      var seconds = time_t(time / 1_000_000)
      var local = tm()
      localtime_r(&seconds, &local)
      var text = [CChar](repeating: 0, count: 64)
      strftime(&text, 64, "%b %d %H:%M:%S", &local)
      let buffer = ByteBuffer()
      stamp.append(time, to: buffer)
      #expect(buffer.text == text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } })
    }
  }

  @Test(arguments: [Int64.max, Int64.min]) func survivesAnyNumber(time: Int64) {
    var stamp = JournalStamp()
    let buffer = ByteBuffer()
    stamp.append(time, to: buffer)
    #expect(buffer.count == 15)
  }
}
