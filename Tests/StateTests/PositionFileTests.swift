import TestSupport
import Testing
import Unix

@testable import State

@Suite struct PositionFileTests {
  let folder: TemporaryFolder
  var path: String { folder.file("positions") }

  init() throws { folder = try TemporaryFolder() }

  func write(_ bytes: [UInt8], to name: String) throws {
    unlink(folder.file(name))
    try folder.append(name, bytes)
  }

  func body(_ sources: [SourceState]) -> ByteBuffer {
    let buffer = ByteBuffer()
    sources.forEach { $0.append(to: buffer) }
    return buffer
  }

  func sources(_ number: Int, count: Int = 2) -> [SourceState] {
    (0..<count).map { SourceState(source: Array("/var/log/\($0).log".utf8), position: Array("p\(number)".utf8), seen: Int64(number)) }
  }

  @Test func whatWasStoredLastIsRead() throws {
    let file = try PositionFile(path: path)
    #expect(try PositionFile.read(path) == .sources([]))
    for number in 1...10 {
      try file.store(body(sources(number)))
      #expect(try PositionFile.read(path) == .sources(sources(number)))
      if number % 3 == 0 { try file.synchronize() }
    }
  }

  /// It may lead to a disk that is not there at the moment.
  @Test(arguments: ["elsewhere", "nowhere"])
  func aLinkIsNotFollowed(target: String) throws {
    try write([1], to: "elsewhere")
    try folder.link("positions", to: target)
    #expect(throws: SystemError.self) { try PositionFile.read(path) }
  }

  @Test func aHugeFileIsDamagedAndNotRead() throws {
    try folder.append("positions", "")
    try #require(truncate(path, off_t(PositionFile.largestFile) + 1) == 0)
    #expect(try PositionFile.read(path) == .damaged)
  }

  @Test func aSecondRunGoesOnWhereTheFirstStopped() throws {
    for number in 1...7 {
      let file = try PositionFile(path: path)
      try file.store(body(sources(number)))
      #expect(try PositionFile.read(path) == .sources(sources(number)))
    }
  }

  @Test func onlyItsOwnerCanReadIt() throws {
    _ = try PositionFile(path: path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func moreSourcesThanASlotHoldsMakeItLarger() throws {
    let file = try PositionFile(path: path)
    try file.store(body(sources(1)))
    try file.store(body(sources(2, count: 5000)))
    #expect(try PositionFile.read(path) == .sources(sources(2, count: 5000)))
    try file.store(body(sources(3, count: 5001)))
    try file.synchronize()
    #expect(try PositionFile.read(path) == .sources(sources(3, count: 5001)))
    #expect(access("\(path).new", F_OK) != 0)
  }

  @Test func noFileIsTheFirstStart() throws {
    #expect(try PositionFile.read(path) == .missing)
  }

  @Test func whatANewerVersionHasWrittenIsRefused() throws {
    try folder.append("positions", "cw-positions 2 whatever it is\n")
    let error = try #require(thrown(PositionFile.TooNew.self, by: { _ = try PositionFile.read(path) }))
    #expect(error.status == .badConfiguration)
  }

  static let damaged: [String: [UInt8]] = [
    "empty": [],
    "zeros": [UInt8](repeating: 0, count: 49_152),
    "text": Array("not a state file\n".utf8),
    "half a header": Array("cw-positions 1 3".utf8),
    "a length beyond the end": Array("cw-positions 1 3 99999999 0\n".utf8),
    "a negative length": Array("cw-positions 1 3 -5 0\n".utf8),
    "a number that is too large": Array("cw-positions 1 99999999999999999999 1 0\n".utf8),
    "a wrong checksum": Array("cw-positions 1 3 0 1234\n".utf8),
  ]

  @Test(arguments: damaged.keys.sorted()) func aDamagedFileIsSaidToBe(_ name: String) throws {
    try write(Self.damaged[name] ?? [], to: "positions")
    #expect(try PositionFile.read(path) == .damaged)
    let aside = try #require(PositionFile.setAside(path, seconds: 17))
    #expect(aside == "\(path).bad-17")
    #expect(try PositionFile.read(path) == .missing)
    _ = try PositionFile(path: path)
    #expect(try PositionFile.read(path) == .sources([]))
  }

  // Beside it no later one could count.
  @Test func aNumberThatNoCountingReachesIsNoState() throws {
    for sequence in ["9223372036854775807", "9223372036854775806"] {
      let head = "cw-positions 1 \(sequence) 0 "
      var checksum = Checksum()
      checksum.add(Array(head.utf8))
      let slot = Array("\(head)\(String(checksum.value, radix: 16))\n".utf8)
      try write(slot + [UInt8](repeating: 0, count: 3 * PositionFile.smallestSlot - slot.count), to: "positions")
      #expect(try PositionFile.read(path) == .damaged)
      let file = try PositionFile(path: path)
      for number in 1...3 {
        try file.store(body(sources(number)))
        #expect(try PositionFile.read(path) == .sources(sources(number)))
      }
    }
  }

  @Test func aFileThatWasCutShortKeepsWhatIsWhole() throws {
    let file = try PositionFile(path: path)
    // The first store goes into the second slot.
    try file.store(body(sources(1)))
    #expect(truncate(path, off_t(2 * PositionFile.smallestSlot + 100)) == 0)
    #expect(try PositionFile.read(path) == .sources(sources(1)))
    let second = try PositionFile(path: path)
    #expect(try PositionFile.read(path) == .sources(sources(1)))
    try second.store(body(sources(2)))
    #expect(try PositionFile.read(path) == .sources(sources(2)))
  }

  // A power cut leaves each block of the disk as it was at the last synchronization, or at any moment since.
  @Test(arguments: 0..<100) func aPowerCutLeavesNoOlderStateThanTheSynchronizedOne(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let file = try PositionFile(path: path)
    let sourceCount = Int.random(in: 1...40, using: &random)
    var images = [try TextFile.read(path)]
    var synchronized = 0
    var number = 0
    for _ in 0..<Int.random(in: 1...30, using: &random) {
      number += 1
      try file.store(body(sources(number, count: sourceCount)))
      images.append(try TextFile.read(path))
      if Int.random(in: 0..<4, using: &random) == 0 {
        try file.synchronize()
        images.removeFirst(images.count - 1)
        synchronized = number
      }
    }
    var disk: [UInt8] = []
    for block in stride(from: 0, to: images[0].count, by: 512) {
      disk += images[Int.random(in: 0..<images.count, using: &random)][block..<block + 512]
    }
    try write(disk, to: "positions")
    guard case .sources(let read) = try PositionFile.read(path) else {
      Issue.record("nothing whole after a power cut")
      return
    }
    let found = read.first.map { Int($0.seen) } ?? 0
    #expect(found >= synchronized && found <= number)
    #expect(read == (found == 0 ? [] : sources(found, count: sourceCount)))
  }

  @Test func aProcessThatIsKilledWhileItWritesLeavesTheStateBefore() throws {
    let file = try PositionFile(path: path)
    for number in 1...20 {
      let before = try TextFile.read(path)
      try file.store(body(sources(number, count: 40)))
      let after = try TextFile.read(path)
      // Half of what was written arrived.
      let changed = zip(before, after).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
      let middle = try #require(changed.dropFirst(changed.count / 2).first)
      try write(Array(after[..<middle] + before[middle...]), to: "torn")
      let expected = number == 1 ? [] : sources(number - 1, count: 40)
      #expect(try PositionFile.read(folder.file("torn")) == .sources(expected))
    }
  }
}
