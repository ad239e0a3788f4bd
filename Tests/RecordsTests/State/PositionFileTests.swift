import TestSupport
import Testing
import Unix

@testable import Records

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

  /// What is read of a disk of which each block is that of any of the images; nil: nothing whole, which is recorded as an issue.
  func sourcesAfterPowerCut(_ images: [[UInt8]], using random: inout SeededGenerator) throws -> [SourceState]? {
    var disk: [UInt8] = []
    for block in stride(from: 0, to: images[0].count, by: 512) {
      disk += images[Int.random(in: 0..<images.count, using: &random)][block..<block + 512]
    }
    try write(disk, to: "positions")
    guard case .sources(let read) = try PositionFile.read(path) else {
      Issue.record("nothing whole after a power cut")
      return nil
    }
    return read
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
    try folder.append("positions", "cw-positions 3 whatever it is\n")
    let error = try #require(thrown(CommandError.self, by: { _ = try PositionFile.read(path) }))
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

  /// Nothing is in its first slot.
  @Test func aFileThatWasCutToItsBeginningIsDamaged() throws {
    let file = try PositionFile(path: path)
    #expect(try file.append(body(sources(1))))
    #expect(truncate(path, 100) == 0)
    #expect(try PositionFile.read(path) == .damaged)
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
    guard let read = try sourcesAfterPowerCut(images, using: &random) else { return }
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

  // MARK: - changes

  private func state(_ source: String, _ position: String, seen: Int64 = 1) -> SourceState {
    SourceState(source: Array(source.utf8), position: Array(position.utf8), seen: seen)
  }

  @Test func changesStandBehindWhatTheyChange() throws {
    let file = try PositionFile(path: path)
    try file.store(body([state("a", "1"), state("b", "1"), state("c", "1")]))
    #expect(try file.append(body([state("b", "2"), state("d", "1")])))
    #expect(try PositionFile.read(path) == .sources([state("a", "1"), state("b", "2"), state("c", "1"), state("d", "1")]))
    #expect(try file.append(body([state("a", "")])))
    #expect(try PositionFile.read(path) == .sources([state("b", "2"), state("c", "1"), state("d", "1")]))
    #expect(try file.append(body([state("a", "3")])))
    #expect(try PositionFile.read(path) == .sources([state("a", "3"), state("b", "2"), state("c", "1"), state("d", "1")]))
    try file.store(body([state("e", "1")]))
    #expect(try PositionFile.read(path) == .sources([state("e", "1")]))
  }

  /// What another process has written last may be torn, and something whole stand behind that.
  @Test func aNewProcessStoresAllBeforeItStoresChanges() throws {
    for number in 1...10 {
      let file = try PositionFile(path: path)
      if number > 1 { #expect(try file.append(body([state("a", "\(number)")])) == false) }
      try file.store(body([state("a", "\(number)")]))
      #expect(try file.append(body([state("b", "\(number)")])))
      #expect(try PositionFile.read(path) == .sources([state("a", "\(number)"), state("b", "\(number)")]))
    }
  }

  @Test func aTornChangeAndWhatFollowsItDoNotCount() throws {
    let file = try PositionFile(path: path)
    try file.store(body([state("a", "1")]))
    for number in 2...4 { #expect(try file.append(body([state("a", "\(number)")]))) }
    var bytes = try TextFile.read(path)
    let needle = Array("\"position\":\"3\"".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: needle) })
    bytes[place] = 0
    try write(bytes, to: "positions")
    #expect(try PositionFile.read(path) == .sources([state("a", "2")]))
  }

  /// A slot is written again over one of the same length, behind which changes stand.
  @Test func changesOfWhatASlotHeldBeforeDoNotCount() throws {
    let file = try PositionFile(path: path)
    for number in 1...9 {
      try file.store(body([state("a", "\(number)")]))
      #expect(try PositionFile.read(path) == .sources([state("a", "\(number)")]))
      #expect(try file.append(body([state("b", "\(number)")])))
      #expect(try PositionFile.read(path) == .sources([state("a", "\(number)"), state("b", "\(number)")]))
      try file.synchronize()
    }
  }

  @Test func aStateOfTheFirstVersionIsRead() throws {
    let lines = body([state("a", "1"), state("b", "2")])
    let head = "cw-positions 1 7 \(lines.count) "
    var checksum = Checksum()
    checksum.add(Array(head.utf8))
    checksum.add(lines.array)
    var bytes = Array("\(head)\(String(checksum.value, radix: 16))\n".utf8) + lines.array
    bytes += [UInt8](repeating: 0, count: 3 * PositionFile.smallestSlot - bytes.count)
    try write(bytes, to: "positions")
    let file = try PositionFile(path: path)
    #expect(try PositionFile.read(path) == .sources([state("a", "1"), state("b", "2")]))
    #expect(try file.append(body([state("a", "2")])) == false)
    try file.store(body([state("a", "2")]))
    #expect(try PositionFile.read(path) == .sources([state("a", "2")]))
  }

  /// 11,500 logs of one line each: what is written is in proportion to what changes, and the file has a bound.
  @Test func whatIsWrittenIsInProportionToWhatChanges() throws {
    let file = try PositionFile(path: path)
    var all: [SourceState] = []
    var changed = 0
    var written = 0
    for number in 0..<8000 {
      all.append(
        state("/var/log/app/\(number).log", "1:802:\(number):0:9a1c0f3377f0a1b2:9a1c0f3377f0a1b2:1795341599000", seen: 1_795_341_600_000))
      let change = body(Array(all.suffix(1)))
      changed += change.count
      written += change.count + 80
      if try !file.append(change) {
        let everything = body(all)
        written += everything.count
        try file.store(everything)
      }
    }
    guard case .sources(let read) = try PositionFile.read(path) else { throw SystemError("read", code: EIO) }
    #expect(read == all)
    #expect(written < 3 * changed)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_size <= 8 << 20)
  }

  @Test func moreThanASlotHoldsIsNotStored() throws {
    let file = try PositionFile(path: path)
    try file.store(body([state("a", "1")]))
    let large = ByteBuffer()
    for number in 0..<30_000 { state("/var/log/a/rather/long/path/of/a/log/\(number)", "1:802:0:0:9a1c0f3377f0a1b2:0:0").append(to: large) }
    #expect(throws: SystemError.self) { try file.store(large) }
    #expect(try PositionFile.read(path) == .sources([state("a", "1")]))
  }

  // As `aPowerCutLeavesNoOlderStateThanTheSynchronizedOne`, with changes.
  @Test(arguments: 0..<100) func aPowerCutLeavesChangesUpToSome(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let file = try PositionFile(path: path)
    var images = [try TextFile.read(path)]
    var synchronized = 0
    let count = Int.random(in: 1...60, using: &random)
    for number in 1...count {
      let change = body([state("/var/log/\(number % 20).log", "\(number)", seen: Int64(number))])
      if Int.random(in: 0..<20, using: &random) == 0 || number == 1 {
        let last = (max(1, number - 19)...number).map { state("/var/log/\($0 % 20).log", "\($0)", seen: Int64($0)) }
        try file.store(body(last))
      } else if try !file.append(change) {
        Issue.record("no room")
      }
      images.append(try TextFile.read(path))
      if Int.random(in: 0..<10, using: &random) == 0 {
        try file.synchronize()
        images.removeFirst(images.count - 1)
        synchronized = number
      }
    }
    guard let read = try sourcesAfterPowerCut(images, using: &random) else { return }
    let found = read.map { Int($0.seen) }.max() ?? 0
    #expect(found >= synchronized && found <= count)
    let expected = found == 0 ? [] : (max(1, found - 19)...found).map(Int64.init)
    #expect(read.map(\.seen).sorted() == expected)
  }
}
