import Testing

@testable internal import Unix

@Suite struct GlobTests {
  @Test(arguments: [("/var/log/syslog", false), ("/var/*/x", true), ("a?", true), ("a[1]", true), ("a]", false), ("", false)])
  func knowsPatterns(text: String, isPattern: Bool) { #expect(Glob.isPattern(text) == isPattern) }

  @Test(
    arguments: [
      ("/a/*.log", "/a/b.log", true), ("/a/*.log", "/a/b/c.log", false), ("/a/*.log", "/a/.b.log", false), ("/*/b.log", "/a/b.log", true),
      ("/*/b.log", "/.a/b.log", false), ("/a/b?.log", "/a/b1.log", true), ("/a/b[1].log", "/a/b1.log", true),
      ("/a/b[1].log", "/a/b[1].log", true), ("/a/b.log", "/a/b.log", true), ("/a/b.log", "/a/bXlog", false), ("/a/*", "/a/", true),
      ("/a/caf\u{E9}", "/a/cafe\u{301}", false), ("", "", true),
    ])
  func matchesAsGlobFindsIt(pattern: String, path: String, matches: Bool) { #expect(Glob.matches(pattern, path) == matches) }
}
