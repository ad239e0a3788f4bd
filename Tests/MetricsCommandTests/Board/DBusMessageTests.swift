import TestSupport
import Testing
import Unix

@testable import MetricsCommand

struct DBusMessageTests {
  /// What dbus-daemon 1.14.10 and systemd 252 have sent and taken; the call is also, byte for byte, that of dbus-fast 2.
  enum Recorded {
    static let hello = """
      6c02010109000000010000003d00000006017300040000003a312e31000000000501750001000000080167000173000007017300140000006f72672e667265656465\
      736b746f702e4442757300000000040000003a312e3100
      """
    static let nameAcquired = """
      6c04010109000000020000008d00000001016f00150000002f6f72672f667265656465736b746f702f4442757300000002017300140000006f72672e667265656465\
      736b746f702e4442757300000000030173000c0000004e616d6541637175697265640000000006017300040000003a312e3100000000080167000173000007017300\
      140000006f72672e667265656465736b746f702e4442757300000000040000003a312e3100
      """
    /// One unit has failed.
    static let number = """
      6c02010108000000040000002d000000050175000200000006017300040000003a312e3100000000080167000176000007017300040000003a312e3000000000\
      0175000001000000
      """
    static let unknownProperty = """
      6c0301014b0000000500000065000000050175000300000006017300040000003a312e3100000000040173002a0000006f72672e667265656465736b746f702e4442\
      75732e4572726f722e556e6b6e6f776e50726f7065727479000000000000080167000173000007017300040000003a312e300000000046000000556e6b6e6f776e20\
      696e74657266616365206f72672e667265656465736b746f702e73797374656d64312e4d616e61676572206f722070726f7065727479204e6f537563682e00
      """
    static let text = """
      6c02010119000000060000002d000000050175000400000006017300040000003a312e3100000000080167000176000007017300040000003a312e30000000000173\
      0000100000003235322e33392d317e6465623132753200
      """
    static let call = """
      6c01020139000000020000009000000001016f00190000002f6f72672f667265656465736b746f702f73797374656d643100000000000000020173001f0000006f72\
      672e667265656465736b746f702e444275732e50726f70657274696573000301730003000000476574000000000006017300180000006f72672e667265656465736b\
      746f702e73797374656d643100000000000000000801670002737300200000006f72672e667265656465736b746f702e73797374656d64312e4d616e616765720000\
      00000c0000004e4661696c6564556e69747300
      """
    static let all = [hello, nameAcquired, number, unknownProperty, text, call]
  }

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
  }

  private func parse(_ bytes: [UInt8]) -> DBusMessage.Parsed { bytes.withUnsafeBytes { DBusMessage.parse($0) } }

  private func message(_ hexadecimal: String) throws -> DBusMessage {
    let bytes = Self.bytes(hexadecimal)
    guard case .message(let message, let size) = parse(bytes + [1, 2, 3]) else { throw Missing() }
    #expect(size == bytes.count)
    return message
  }

  private struct Missing: Error {}

  @Test func whatABusHasAnswered() throws {
    let number = try message(Recorded.number)
    #expect(number.kind == .reply && number.replySerial == 2 && number.number == 1)
    let error = try message(Recorded.unknownProperty)
    #expect(error.kind == .error && error.replySerial == 3 && error.errorName == "org.freedesktop.DBus.Error.UnknownProperty")
    #expect(error.number == nil)
    let text = try message(Recorded.text)
    #expect(text.kind == .reply && text.number == nil)
    let hello = try message(Recorded.hello)
    #expect(hello.kind == .reply && hello.replySerial == 1)
    let signal = try message(Recorded.nameAcquired)
    #expect(signal.kind == .signal && signal.replySerial == nil)
  }

  @Test func theCallIsThatOfAnotherLibrary() {
    let call = DBusMessage.call(
      serial: 2, destination: "org.freedesktop.systemd1", path: "/org/freedesktop/systemd1", interface: "org.freedesktop.DBus.Properties",
      member: "Get", arguments: ["org.freedesktop.systemd1.Manager", "NFailedUnits"])
    #expect(call == Self.bytes(Recorded.call))
  }

  @Test(arguments: Recorded.all)
  func aPartOfAMessageIsIncomplete(hexadecimal: String) {
    let bytes = Self.bytes(hexadecimal)
    for count in bytes.indices { #expect(parse(Array(bytes[..<count])) == .incomplete) }
  }

  @Test func bigEndianMachinesAreUnderstood() {
    var bytes = Self.bytes(Recorded.number)
    bytes[0] = UInt8(ascii: "B")
    // All numbers of 32 bits: sizes and serial of the header, reply serial, lengths of the texts, the answer.
    for start in [4, 8, 12, 20, 28, 52, 68] { bytes[start..<start + 4].reverse() }
    guard case .message(let message, _) = parse(bytes) else { return _ = Issue.record("not understood") }
    #expect(message.replySerial == 2 && message.number == 1)
  }

  @Test(
    "what is refused",
    arguments: [
      (0, 0x78), (3, 2),
      // A body, and fields, of 16 MiB and 4 GiB.
      (6, 1), (7, 0xFF), (14, 1), (15, 0xFF),
      // A field of a type that no field has; a signature that is longer than the fields; one of two types.
      (18, 0x61), (17, 0xF0), (17, 0),
    ])
  func aWrongByteIsRefused(offset: Int, byte: UInt8) {
    var bytes = Self.bytes(Recorded.number)
    bytes[offset] = byte
    #expect(parse(bytes) == .invalid)
  }

  @Test func noBytesAreATrap() {
    var random = SeededGenerator(15)
    for recorded in Recorded.all {
      let original = Self.bytes(recorded)
      for _ in 0..<2000 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
        }
        if case .message(_, let size) = parse(bytes) { #expect(size <= bytes.count) }
      }
    }
  }
}
