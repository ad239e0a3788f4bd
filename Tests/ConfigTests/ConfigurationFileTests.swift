import Testing
import Unix

@testable import Config

private let passwordAlone = #"{"agent":{"region":"a","authentication":{"password":"p"}}}"#

struct ConfigurationFileTests {
  @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o644, 0o777] as [mode_t])
  func refusesAPasswordThatOthersCanReadOrWrite(_ mode: mode_t) throws {
    let file = try TemporaryFile(passwordAlone, mode: mode)
    let expected = "\(file.path): holds a password, and its mode \(String(mode, radix: 8)) lets others at it; chmod 600 \(file.path)"
    #expect(configurationError { _ = try ConfigurationFile(reading: file.path) }?.message == expected)
  }

  @Test(arguments: [0o600, 0o400] as [mode_t])
  func readsAPasswordThatIsKept(_ mode: mode_t) throws {
    let file = try TemporaryFile(passwordAlone, mode: mode)
    #expect(throws: Never.self) { try ConfigurationFile(reading: file.path) }
  }

  @Test func aFileWithoutAPasswordMayBeReadByAll() throws {
    let file = try TemporaryFile("{}", mode: 0o644)
    #expect(try ConfigurationFile(reading: file.path).diagnostics == [])
  }

  @Test(arguments: [#""passwordFile": "/p""#, #""passwordCommand": "pass show x""#])
  func whereThePasswordIsMayBeReadByAll(_ members: String) throws {
    let file = try TemporaryFile(withPassword(members), mode: 0o644)
    #expect(try ConfigurationFile(reading: file.path).diagnostics == [])
  }

  @Test(arguments: [#"{"agent":{"authentification":{"Password":"p"}}}"#, #"{"x":[{"password":"p"}]}"#, #"{"appClientSecret":"s"}"#])
  func aPasswordUnderAMisspelledKeyCounts(_ text: String) throws {
    let file = try TemporaryFile(text, mode: 0o644)
    #expect(throws: ConfigurationError.self) { try ConfigurationFile(reading: file.path) }
  }

  @Test func standardInputIsJudgedLikeAFileIfItIsOne() throws {
    let file = try TemporaryFile(passwordAlone, mode: 0o640)
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    let validationError = "standard input: holds a password, and its mode 640 lets others at it; chmod 600 its file"
    #expect(
      configurationError { _ = try ConfigurationFile(descriptor: descriptor, path: "standard input", file: "its file") }?.message
        == validationError)
  }

  @Test func ofAPipeNobodyAsksWhoMayReadIt() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    try Array(passwordAlone.utf8).withUnsafeBytes { try Descriptor.writeAll(ends[1], $0) }
    close(ends[1])
    defer { close(ends[0]) }
    #expect(try !ConfigurationFile(descriptor: ends[0], path: "standard input", file: "").errors.isEmpty)
  }

  @Test(.enabled(if: geteuid() == 0)) func refusesAPasswordInSomebodyElsesFile() throws {
    let file = try TemporaryFile(passwordAlone)
    #expect(chown(file.path, 12345, gid_t.max) == 0)
    #expect(configurationError { _ = try ConfigurationFile(reading: file.path) }?.message.contains("belongs to user 12345") == true)
  }

  @Test func aMissingFileIsAnErrorThatSaysWhatToDo() {
    let expected =
      "no configuration file /nonexistent/x.json; write one (amazon-cloudwatch-publisher.json(5) has the keys, {} means all defaults) "
      + "or name another by --config"
    #expect(configurationError { _ = try ConfigurationFile(reading: "/nonexistent/x.json") }?.message == expected)
  }

  @Test func aDirectoryIsNoConfiguration() {
    #expect(configurationError { _ = try ConfigurationFile(reading: "/") }?.message == "cannot read /: Is a directory")
  }

  @Test func brokenJSONIsNamedWithLineAndColumn() throws {
    #expect(configurationError { _ = try file("{\n \"a\": 1,\n}") }?.message == "f:3:1: not valid JSON: a key in double quotes is expected")
  }

  @Test func enumeratesPatternsWithTheirPlaces() throws {
    let patterns = try file(everyKeyOfTheOriginal).patterns
    #expect(
      patterns.map { "\($0.line) \($0.keyPath) \($0.pattern)" } == [
        "25 logs.logs_collected.files.collect_list[1].include_patterns[0] a",
        "25 logs.logs_collected.files.collect_list[1].include_patterns[1] b",
        #"25 logs.logs_collected.files.collect_list[1].exclude_patterns[0] c\d+"#,
        "28 logs.logs_collected.journal.include_patterns[0] sshd", "28 logs.logs_collected.journal.exclude_patterns[0] CRON",
      ])
  }

  @Test func enumeratesThePatternsOfTheAgentsKeys() throws {
    #expect(
      try file(everyKeyOfTheAgent).patterns.map { "\($0.line) \($0.keyPath) \($0.pattern)" } == [
        "14 metrics.metrics_collected.procstat[0].exe a", "14 metrics.metrics_collected.procstat[1].pattern b",
        "37 logs.logs_collected.files.collect_list[0].filters[0].expression a",
        "37 logs.logs_collected.files.collect_list[0].filters[1].expression b(c)",
        #"43 logs.logs_collected.files.collect_list[0].blacklist \.old$"#,
        #"47 logs.logs_collected.files.collect_list[1].multi_line_start_pattern ^\S"#,
        "53 logs.logs_collected.journal.filters[0].expression d",
        "57 logs.logs_collected.journald.collect_list[0].filters[0].expression e",
      ])
  }
}
