import Testing

internal import Records
@testable internal import TailCommand
internal import TestSupport
internal import Unix

@Suite final class SourceStatusTests {
  private let folder: TemporaryFolder
  private let now: Int64 = 1_795_341_600_000

  init() throws { folder = try TemporaryFolder() }

  private func state(_ source: String, _ position: String) -> SourceState {
    SourceState(source: SourceState.escaped(source), position: SourceState.escaped(position), seen: now - 5000)
  }

  private func look(_ state: SourceState, journalWritten: Int64? = nil) throws -> SourceStatus? {
    let backlog = try Backlog.all(FileFinder(whole: [state.sourceText]), behind: StoredPositions(.sources([state]))).values.first
    return SourceStatus(state, backlog: backlog, now: now, journalWritten: { journalWritten })
  }

  // Delivered up to `offset`, as of a time before now, in milliseconds.
  private func position(offset: Int64, before: Int64) throws -> String {
    var position = try FollowedFile(FileByteSource(path: folder.file("app.log")), offset: offset).position
    position.modified = now - before
    return LogPosition(files: [position]).text
  }

  @Test(arguments: [(8, 0, 0), (4, 4, 7200_000), (0, 8, 7200_000)] as [(Int64, Int64, Int64)])
  func timeCountsWhenSomethingIsBehind(offset: Int64, bytes: Int64, time: Int64) throws {
    try folder.append("app.log", "one\ntwo\n")
    let status = try #require(try look(state(folder.file("app.log"), position(offset: offset, before: 7200_000))))
    #expect(status.offset == offset)
    #expect(status.bytesBehind == bytes)
    #expect(status.timeBehind == time)
    #expect(status.trouble == nil)
    #expect(status.needsAttention(limit: 60_000) == (bytes > 0))
    #expect(!status.needsAttention(limit: 7200_000))
  }

  @Test(arguments: [-1, Int64.min, Int64.max - 1_795_341_600_000])
  func aTimeThatCannotBeIsNone(before: Int64) throws {
    try folder.append("app.log", "one\n")
    let (modified, _) = now.subtractingReportingOverflow(before)
    let text = try position(offset: 0, before: 0).replacing("\(now)", with: "\(modified)")
    #expect(try #require(try look(state(folder.file("app.log"), text))).timeBehind ?? -1 >= 0)
  }

  @Test(
    "the journal is behind since the time of its last entry, unless nothing was written since",
    arguments: [(nil, 90_000), (0, 0), (1500, 0), (3000, 90_000)] as [(Int64?, Int64)])
  func journal(writtenAfter: Int64?, time: Int64) throws {
    let position = JournalPosition(cursor: "s=1", time: (now - 90_000) * 1000)
    let state = state("journal", position.token)
    let status = try #require(try look(state, journalWritten: writtenAfter.map { now - 90_000 + $0 }))
    #expect(status.timeBehind == time)
    #expect(status.bytesBehind == nil)
    #expect(status.offset == nil)
    #expect(!status.needsAttention(limit: 60_000))
  }

  @Test func aPatternIsNoSource() throws {
    let nowhere = LogPosition.nowhere(at: now).text
    #expect(try look(state("/var/log/*.log", nowhere)) == nil)
    let path = try #require(try look(state(folder.file("app.log"), nowhere)))
    #expect(path.trouble == .noFileYet)
    #expect(path.bytesBehind == 0)
    #expect(!path.needsAttention(limit: 0))
    // A file may be called so.
    try folder.append("app.log", "one\n")
    #expect(try look(state(folder.file("[a].log"), position(offset: 4, before: 0))) != nil)
  }

  @Test func whatCannotBeReadNeedsAttention() throws {
    try folder.append("app.log", "one\n")
    let position = try position(offset: 4, before: 0)
    try folder.remove("app.log")
    try folder.makeFolder("app.log")
    let directory = try #require(try look(state(folder.file("app.log"), position)))
    #expect(directory.needsAttention(limit: 60_000))
    #expect(directory.bytesBehind == nil)
    #expect(directory.timeBehind == nil)
    let later = try #require(try look(state("/x", "9:who:knows")))
    #expect(later.isOfLaterVersion && later.troubleText != nil)
    #expect(later.needsAttention(limit: 60_000))
  }

  @Test(arguments: [(-6000, false), (-5000, false), (-4000, true)] as [(Int64, Bool)])
  func anErrorCountsUntilSomethingWasDelivered(time: Int64, isFailing: Bool) throws {
    try folder.append("app.log", "one\n")
    var failed = state(folder.file("app.log"), try position(offset: 4, before: 0))
    (failed.lastError, failed.lastErrorTime) = ("access denied", now + time)
    let status = try #require(try look(failed))
    #expect(status.lastError == "access denied")
    #expect(status.errorAge == -time)
    #expect(status.isFailing == isFailing)
    #expect(status.needsAttention(limit: 60_000) == isFailing)
  }
}
