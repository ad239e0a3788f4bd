import TestSupport
import Testing
import Unix

@testable import AWS

@Suite struct InputStampTests {
  @Test func everyChangeIsSeen() throws {
    let folder = try TemporaryFolder()
    let paths = [folder.file("a"), folder.file("b")]
    var seen: Set<String> = [InputStamp.of(paths)]
    func changed() -> Bool { seen.insert(InputStamp.of(paths)).inserted }
    #expect(!changed())
    try folder.append("a", "x")
    #expect(changed())
    #expect(!changed())
    try folder.append("a", "y")
    #expect(changed())
    // The same bytes in another file.
    try folder.append("c", "xy")
    try folder.rename("c", to: "a")
    #expect(changed())
    // The same file, written to again.
    var times = [timespec(tv_sec: 1, tv_nsec: 2), timespec(tv_sec: 1, tv_nsec: 2)]
    #expect(utimensat(AT_FDCWD, paths[0], times, 0) == 0)
    #expect(changed())
    times[1].tv_nsec = 3
    #expect(utimensat(AT_FDCWD, paths[0], times, 0) == 0)
    #expect(changed())
    try folder.append("b", "")
    #expect(changed())
    #expect(InputStamp.of(paths) != InputStamp.of(paths.reversed()))
  }

  /// `-c <(...)` is another pipe each time: no reason to repeat a password that was refused.
  @Test func aPipeIsNoChange() throws {
    func stamp() throws -> String {
      var ends: [Int32] = [-1, -1]
      #expect(pipe(&ends) == 0)
      defer { for end in ends { close(end) } }
      // The same name for another pipe.
      #expect(dup2(ends[0], 200) == 200)
      defer { close(200) }
      return InputStamp.of(["/dev/fd/200"])
    }
    #expect(try stamp() == stamp())
  }
}
