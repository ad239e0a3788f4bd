import Testing

@testable internal import Config

@Suite struct StreamNamingTests {
  @Test(
    arguments: [
      // Not known what is followed: the base name.
      ([], "/var/log/syslog", "syslog"),
      ([], "journal", "journal"),
      ([], "/odd:name*", "odd_name_"),
      ([], "/ends/with/", "/ends/with/"),
      (["/var/log/syslog", "/var/log/auth.log"], "/var/log/syslog", "syslog"),
      // Base names that meet.
      (["/a/app.log", "/b/app.log"], "/a/app.log", "/a/app.log"),
      (["/a/app.log", "/b/app.log"], "/b/app.log", "/b/app.log"),
      (["/a/app.log", "/b/app.log", "/c/other.log"], "/c/other.log", "other.log"),
      (["/a/*.log", "/b/app.log"], "/b/app.log", "/b/app.log"),
      (["/a/*.log", "/b/app.log"], "/a/app.log", "/a/app.log"),
      // This one has no other to meet, now or later.
      (["/a/*.log", "/b/app.log"], "/a/web.log", "web.log"),
      (["/a/*.log"], "/a/app.log", "app.log"),
      (["/a/app-[0-9].log", "/b/app-?.txt"], "/a/app-1.log", "app-1.log"),
      // One pattern that finds the same base name in several folders.
      (["/srv/*/app.log"], "/srv/one/app.log", "/srv/one/app.log"),
      (["/srv/[ab]/app.log"], "/srv/a/app.log", "/srv/a/app.log"),
      (["/srv/*/app.log", "/var/log/syslog"], "/var/log/syslog", "syslog"),
      // Not followed by any pattern: sources of others in the same pipe.
      (["/var/log/syslog"], "journal", "journal"),
      // A name that does not take all of its characters, and what could be followed as well.
      (["/a/app:1.log"], "/a/app:1.log", "app_1.log"),
      (["/a/*.log"], "/a/app:1.log", "/a/app%3A1.log"),
      (["/a/*.log"], "/a/app_1.log", "app_1.log"),
      (["/a/app:1.log", "/a/app_1.log"], "/a/app:1.log", "/a/app%3A1.log"),
      (["/a/*.log"], "/a/app%3A1.log", "app%3A1.log"),
      (["/srv/*/app:1.log"], "/srv/one/app:1.log", "/srv/one/app%3A1.log"),
      (["/srv/*/app*.log"], "/srv/one/app%3A1.log", "/srv/one/app%253A1.log"),
      (["/srv/*/*"], "/srv/one/100%", "/srv/one/100%"),
    ] as [([String], String, String)])
  func namesStreams(filePaths: [String], source: String, stream: String) {
    #expect(StreamNaming(filePaths: filePaths).streamName(of: source) == stream)
    #expect(StreamNaming(filePaths: filePaths.reversed()).streamName(of: source) == stream, "the order of the patterns does not matter")
  }

  @Test func whatIsNotTakenIsNotLost() {
    let texts = ["a:b", "a*b", "a_b", "a%3Ab", "a%253Ab", "a%b", "a%%3Ab", "a\u{1}b", "a%01b", "a\u{85}b", "a%C2%85b", "a%25b", "a%2Ab"]
    let naming = StreamNaming(filePaths: [])
    let names = texts.map(naming.escaped)
    #expect(Set(names).count == texts.count)
    #expect(names.allSatisfy(NameRules.isStreamName))
    #expect(naming.escaped("a:b") == "a%3Ab")
    #expect(naming.escaped("/var/log/100%.log") == "/var/log/100%.log")
  }

  @Test func noFileWritesIntoTheJournalsStream() {
    let naming = StreamNaming(filePaths: ["/tmp/*"], journals: ["journal", "journal:units=ssh"])
    #expect(naming.streamName(of: "journal:units=ssh") == "journal_units=ssh")
    #expect(naming.streamName(of: "/tmp/journal") == "/tmp/journal")
    #expect(naming.streamName(of: "/tmp/journal_units=ssh") == "/tmp/journal_units=ssh")
    #expect(StreamNaming(filePaths: ["/tmp/*"]).streamName(of: "/tmp/journal") == "journal")
  }
}
