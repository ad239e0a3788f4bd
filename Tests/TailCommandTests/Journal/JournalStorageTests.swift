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

  @Test func aNamespaceHasAFolderOfItsOwn() throws {
    let folder = try TemporaryFolder()
    for part in ["var", "var/log", "var/log/journal", "var/log/journal/remote"] { try folder.makeFolder(part) }
    let names: [String?] = [nil, "mail", "a.b"]
    func isThere() -> [Bool] { names.map { JournalStorage(root: folder.path, namespace: $0).isPersistent } }
    #expect(isThere() == [false, false, false])
    try folder.makeFolder("var/log/journal/machine.mail")
    #expect(isThere() == [false, true, false])
    try folder.makeFolder("var/log/journal/machine.a.b")
    #expect(isThere() == [false, true, true])
    try folder.makeFolder("var/log/journal/machine")
    #expect(isThere() == [true, true, true])
  }

  @Test func itsStampChangesWithItsFiles() throws {
    let folder = try TemporaryFolder()
    for part in ["var", "var/log", "var/log/journal", "var/log/journal/machine"] { try folder.makeFolder(part) }
    var stamps = [JournalStorage(root: folder.path).stamp]
    func look() { stamps.append(JournalStorage(root: folder.path).stamp) }
    try folder.append("var/log/journal/machine/system.journal", "a")
    look()
    try folder.rename("var/log/journal/machine/system.journal", to: "var/log/journal/machine/old.journal")
    look()
    try folder.remove("var/log/journal/machine/old.journal")
    try folder.append("var/log/journal/machine/system.journal", "a")
    look()
    try folder.makeFolder("var/log/journal/machine2")
    look()
    for (index, stamp) in stamps.enumerated() { #expect(!stamps[..<index].contains(stamp)) }
    try folder.append("var/log/journal/machine/system.journal", "what is written is no change")
    #expect(JournalStorage(root: folder.path).stamp == stamps.last)
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
