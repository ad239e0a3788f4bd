internal import Records
import Testing
internal import TestSupport
internal import Unix
@testable internal import PutLogsCommand

@Suite struct PositionStoreTests {
  let folder: TemporaryFolder
  var directory: StateDirectory { StateDirectory(folder.file("state")) }

  init() throws { folder = try TemporaryFolder() }

  private func move(_ store: PositionStore, _ source: String, to position: String) {
    Array(position.utf8).withUnsafeBytes { store.progress(of: Array(source.utf8)).commit($0) }
  }

  private func states() throws -> [String: String] {
    guard case .sources(let states) = try PositionFile.read(directory.positions) else { return [:] }
    return Dictionary(uniqueKeysWithValues: states.map { ($0.sourceText, $0.positionText) })
  }

  @Test func whatOtherRunsHaveStoredStays() throws {
    do {
      let store = PositionStore(directory)
      store.begin()
      move(store, "/a", to: "1")
      move(store, "/b", to: "1")
      store.close()
    }
    let store = PositionStore(directory)
    store.begin()
    move(store, "/b", to: "2")
    store.close()
    #expect(try states() == ["/a": "1", "/b": "2"])
    #expect(store.failure == nil)
  }

  @Test func aSourceThatWasNotSeenForTwoWeeksIsForgotten() throws {
    try directory.create()
    let now = Clock.realtimeMilliseconds()
    let file = try PositionFile(path: directory.positions)
    let body = ByteBuffer()
    SourceState(source: Array("/old".utf8), position: [1], seen: now - SourceState.lifetime - 1000).append(to: body)
    SourceState(source: Array("/young".utf8), position: Array("y".utf8), seen: now - SourceState.lifetime + 60_000).append(to: body)
    try file.store(body)
    let store = PositionStore(directory)
    store.begin()
    move(store, "/a", to: "1")
    store.close()
    #expect(try states() == ["/a": "1", "/young": "y"])
  }

  @Test func aDamagedStateIsKeptAsideAndBegunAnew() throws {
    try directory.create()
    try folder.append("state/positions", "damaged")
    let store = PositionStore(directory)
    store.begin()
    move(store, "/a", to: "1")
    store.close()
    #expect(store.failure == nil)
    #expect(try states() == ["/a": "1"])
  }

  @Test func aStateOfANewerVersionEndsTheProgram() throws {
    try directory.create()
    try folder.append("state/positions", "cw-positions 3 whatever\n")
    let store = PositionStore(directory)
    store.begin()
    #expect(store.failure?.status == .badConfiguration)
  }

  @Test func aDirectoryThatCannotBeMadeEndsTheProgram() throws {
    try folder.append("state", "a file")
    let store = PositionStore(directory)
    store.begin()
    #expect(store.failure?.status == .cannotWrite)
  }

  @Test func nothingIsWrittenBeforeThereIsAPosition() throws {
    let store = PositionStore(directory)
    store.close()
    #expect(access(directory.path, F_OK) != 0)
  }
}
