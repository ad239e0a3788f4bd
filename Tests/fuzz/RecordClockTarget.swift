internal import Records
internal import Unix

@testable internal import PutLogsCommand

/// The clock of a record, and what it makes of a time: `CLOCK`, a line feed, `TIMESTAMP`.
func fuzzRecordClock(_ input: Bytes) {
  let (text, rest) = input.split(at: 0x0A)
  guard let clock = RecordClock(text) else { return }
  let line = ByteBuffer()
  clock.append(to: line)
  hold(RecordClock(line.bytes) == clock, "what was written is read back: \(line.text)")
  hold(EventClock(clock, of: 0, boot: clock.boot &+ 1) == nil, "a clock of another boot says nothing")
  let now: Int64 = 1_795_341_600_000
  let told = Int64(rest.text) ?? clock.reading.realtime
  guard told >= 0, let event = EventClock(clock, of: told, boot: clock.boot) else { return }
  for isOfService in [true, false] {
    let times = EventTimes(bootTime: now - 360_123, now: now, isOfService: isOfService)
    let (timestamp, mended) = times.mended(told, event)
    hold(timestamp == told || (0...now).contains(timestamp), "a mended time is one of the past: \(timestamp)")
    hold(times.mended(timestamp, mended).timestamp == timestamp || timestamp == told, "a mended time is right: \(timestamp)")
    if let time = times.mended(refused: told, event) { hold(time != told && (0...now).contains(time), "another time is tried: \(time)") }
  }
}
