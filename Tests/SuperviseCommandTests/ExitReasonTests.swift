import Testing

@testable import SuperviseCommand

struct EndingTests {
  @Test(
    arguments: [
      (0, ExitReason.exited(0), "done"), (69 << 8, .exited(69), "69 service unavailable"), (9, .killed(9), "signal 9"),
      (0x8B, .killed(11), "signal 11"), (3 << 8, .exited(3), "3"),
    ] as [(Int32, ExitReason, String)])
  func readsWaitStatus(_ status: Int32, _ exitReason: ExitReason, _ text: String) {
    #expect(ExitReason(waitStatus: status) == exitReason)
    #expect(exitReason.text == text)
  }

  @Test func logLinesHaveTheFormOfThePythonProgram() {
    #expect(
      String(decoding: EventLog.line("Instance ID is x", 1_795_341_600_007), as: UTF8.self)
        == "2026-11-22 10:00:00,007 - INFO - Instance ID is x\n")
  }
}
