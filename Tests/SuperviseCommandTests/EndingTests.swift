import Testing

@testable import SuperviseCommand

struct EndingTests {
  @Test(
    arguments: [
      (0, Ending.exited(0), "done"), (69 << 8, .exited(69), "69 service unavailable"), (9, .killed(9), "signal 9"),
      (0x8B, .killed(11), "signal 11"), (3 << 8, .exited(3), "3"),
    ] as [(Int32, Ending, String)])
  func readsWaitStatus(_ status: Int32, _ ending: Ending, _ text: String) {
    #expect(Ending(waitStatus: status) == ending)
    #expect(ending.text == text)
  }

  @Test func logLinesHaveTheFormOfThePythonProgram() {
    #expect(
      String(decoding: EventLog.line("Instance ID is x", 1_795_341_600_007), as: UTF8.self)
        == "2026-11-22 10:00:00,007 - INFO - Instance ID is x\n")
  }
}
