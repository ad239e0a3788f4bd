import Testing

@testable internal import Entries

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
    ] as [([String], String, String)])
  func namesStreams(filePaths: [String], source: String, stream: String) {
    #expect(StreamNaming(filePaths: filePaths).streamName(of: source) == stream)
    #expect(StreamNaming(filePaths: filePaths.reversed()).streamName(of: source) == stream, "the order of the patterns does not matter")
  }
}
