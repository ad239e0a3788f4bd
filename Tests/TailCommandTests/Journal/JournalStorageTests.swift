internal import Testing
internal import TestSupport
internal import Unix

@testable internal import TailCommand

@Suite struct JournalStorageTests {
  @Test(arguments: [false, true], [false, true])
  func isFoundOnDiskAndInMemory(isPersistent: Bool, isVolatile: Bool) throws {
    let folder = try TemporaryFolder()
    for (place, isThere) in [("var", isPersistent), ("run", isVolatile)] {
      for part in [place, "\(place)/log", "\(place)/log/journal"] { try folder.makeFolder(part) }
      if isThere { try folder.makeFolder("\(place)/log/journal/machine") }
    }
    let storage = JournalStorage(root: folder.path)
    #expect(storage.isPersistent == isPersistent)
    #expect(storage.isVolatile == isVolatile)
    #expect(storage.isReadable)
  }

  @Test func tellsWhenSomethingWasWritten() throws {
    let folder = try TemporaryFolder()
    for part in ["run", "run/log", "run/log/journal", "run/log/journal/machine"] { try folder.makeFolder(part) }
    #expect(JournalStorage(root: folder.path).lastWritten == nil)
    for (name, seconds) in [("system", 1_795_341_600), ("user-1000", 1_795_341_700)] {
      try folder.append("run/log/journal/machine/\(name).journal", "")
      let time = timespec(tv_sec: seconds, tv_nsec: 5_000_000)
      utimensat(AT_FDCWD, folder.file("run/log/journal/machine/\(name).journal"), [time, time], 0)
    }
    #expect(JournalStorage(root: folder.path).lastWritten == 1_795_341_700_005)
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"), arguments: [0o000, 0o644] as [mode_t])
  func isReadableIfTheSystemsEntriesAre(mode: mode_t) throws {
    let folder = try TemporaryFolder()
    for part in ["var", "var/log", "var/log/journal", "var/log/journal/machine"] { try folder.makeFolder(part) }
    try folder.append("var/log/journal/machine/system.journal", "")
    try #require(chmod(folder.file("var/log/journal/machine/system.journal"), mode) == 0)
    #expect(JournalStorage(root: folder.path).isReadable == (mode != 0))
  }
}
