import Testing
import Unix

@testable import Config

struct InstanceIdentityTests {
  private func find(
    prefix: String = "sys", serial: String? = nil, command: String = "exit 1", environment: [String: String] = [:], timeLimit: Double = 10
  ) throws -> String {
    let instance = Configuration.Instance(prefix: prefix, serial: serial, command: ShellCommand(command))
    return try InstanceIdentity.find(instance, environment: { environment[$0] }, timeLimit: timeLimit)
  }

  @Test func isZeroesByDefault() throws {
    #expect(try Configuration().instanceId(environment: { _ in nil }) == "sys-000000000000")
  }

  @Test(arguments: [
    ("echo 42", "sys-42"), ("printf '  C02V41P2HV2F\\r\\n\\n'", "sys-c02v41p2hv2f"), ("printf a.b_c-d", "sys-a.b_c-d"),
    ("printf 1 | cat; exit 0", "sys-1"), ("head -c 256 /dev/zero | tr '\\0' x", "sys-" + String(repeating: "x", count: 256)),
    ("cat; printf ok", "sys-ok"),
  ])
  func takesWhatTheCommandPrints(_ command: String, _ id: String) throws {
    #expect(try find(command: command) == id)
  }

  @Test func serialWinsOverCommand() throws {
    #expect(try find(prefix: "rpi", serial: "Ab1", command: "echo 2") == "rpi-Ab1")
    #expect(try find(serial: "", command: "echo 2") == "sys-2")
  }

  @Test func theEnvironmentWinsOverAll() throws {
    #expect(try find(serial: "1", environment: ["CW_INSTANCE_ID": "rpi-9"]) == "rpi-9")
    let error = configurationError { _ = try find(environment: ["CW_INSTANCE_ID": "a\nb"]) }
    #expect(error?.message == #"CW_INSTANCE_ID is "a\nb"; expected letters, digits and . _ -"#)
  }

  @Test(arguments: [
    ("true", #""true" found nothing, and printed """#),
    ("printf ' \\n'", #""printf ' \n'" found nothing, and printed " \n""#),
    ("echo a b", #""echo a b" did not answer well, and printed "a b\n""#),
    ("printf 'a\\033[31m'", #""printf 'a\033[31m'" did not answer well, and printed "a\u{1B}[31m""#),
    ("echo 1; exit 3", #""echo 1; exit 3" failed with status 3, and printed "1\n""#),
    ("kill -9 $$", #""kill -9 $$" was killed by signal 9, and printed """#),
    ("yes ab", #""yes ab" printed more than 256 bytes, and printed "ab\nab\n"#),
    ("/nonexistent/x 2>&1 >/dev/null", "failed with status 127"),
    ("printf '\\377'", "did not answer well, and printed \"\u{FFFD}\""),
  ])
  func refusesACommandThatDoesNotAnswer(_ command: String, _ validationError: String) {
    let error = configurationError { _ = try find(command: command) }
    #expect(error?.message.contains(validationError) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix("agent.instance.command \"") == true)
    #expect(error?.status == .badConfiguration)
  }

  @Test(arguments: ["echo 1; exec sleep 60", "echo 1; exec sleep 60 >&-", "echo 1; sleep 60 &"])
  func refusesACommandThatDoesNotEnd(_ command: String) {
    let start = Clock.monotonicNanoseconds()
    let error = configurationError { _ = try find(command: command, timeLimit: 0.1) }
    #expect(error?.message.contains(#"took more than 0.1 seconds, and printed "1\n""#) == true, "\(error?.message ?? "")")
    #expect(Clock.monotonicNanoseconds() - start < 30_000_000_000)
  }
}
