import Testing
import Unix

@testable import MetricsCommand

struct SysTextTests {
  @Test(
    arguments: [
      ("0", 0), ("48199", 48199), ("-5500", -5500), ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999999", nil), ("", nil), ("-", nil), ("--1", nil),
      ("+1", nil), ("1 ", nil), ("0x10", nil), ("1.5", nil), ("\u{0}", nil),
    ] as [(String, Int64?)])
  func wholeNumber(text: String, value: Int64?) { #expect(parsed(text) { $0.wholeNumber } == value) }

  @Test(
    arguments: [
      ("0.00", 0), ("0.52", 0.52), ("41204.12", 41204.12), ("17", 17), ("9007199254740991", 9_007_199_254_740_991),
      ("9007199254740992", nil),
      ("-1.5", nil), ("-0.5", nil), ("1.", nil), (".5", nil), ("1.-5", nil), ("1.5.5", nil), ("1.0000000000000000000000", nil), ("", nil),
      ("nan", nil), ("1e5", nil),
    ] as [(String, Double?)])
  func decimalNumber(text: String, value: Double?) { #expect(parsed(text) { $0.decimalNumber } == value) }

  @Test(
    arguments: [
      ("0", 0), ("0x0b", 11), ("50005", 0x50005), ("FfFfFfFf", .max), ("100000000", nil), ("0x", nil), ("", nil), ("g", nil), ("-1", nil),
    ] as [(String, UInt32?)])
  func hexadecimalNumber(text: String, value: UInt32?) { #expect(parsed(text) { $0.hexadecimalNumber } == value) }

  @Test(arguments: [(" a b \n", "a b"), ("\n\n", ""), ("", ""), ("x", "x"), ("x\0\n", "x")])
  func trimmed(text: String, inner: String) { #expect(parsed(text) { $0.trimmed.text } == inner) }
}

struct PressureTests {
  @Test(
    "totals",
    arguments: [
      ("some avg10=0.00 avg60=0.12 avg300=0.08 total=91204412\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n", 91_204_412, 7),
      // irq, Linux 6.1
      ("full avg10=0.00 avg60=0.00 avg300=0.00 total=900\n", nil, 900),
      // cpu before Linux 5.13
      ("some avg10=0.00 avg60=0.00 avg300=0.00 total=18446744073709551615", .max, nil),
      ("some total=1 new=2\nmany total=3\n", 1, nil), ("some total=18446744073709551616\nfull total=2\n", nil, 2),
    ] as [(String, UInt64?, UInt64?)])
  func parse(text: String, some: UInt64?, full: UInt64?) {
    #expect(parsed(text) { Pressure.parse($0) } == Pressure(some: some, full: full))
  }

  @Test(arguments: ["", "\n", "some avg10=0.00\n", "some total=-1\n", "Some total=1\n", "some total=\n"])
  func whatHasNoTotalIsNone(text: String) { #expect(parsed(text) { Pressure.parse($0) } == nil) }

  @Test(
    "of a time in milliseconds",
    arguments: [
      (0, 500_000, 1000, 50), (5, 5, 1000, 0), (0, 1_000_100, 1000, 100), (0, 2_000_000, 1000, 100), (6, 5, 1000, nil), (0, 5, 0, nil),
      (0, 5, -1, nil), (nil, 5, 1000, nil), (5, nil, 1000, nil), (0, .max, 1000, 100),
    ] as [(UInt64?, UInt64?, Int64, Double?)])
  func percent(earlier: UInt64?, later: UInt64?, milliseconds: Int64, percent: Double?) {
    #expect(Pressure.percent(from: earlier, to: later, nanoseconds: milliseconds * 1_000_000) == percent)
  }
}

struct SystemLoadTests {
  @Test func parse() {
    #expect(parsed("41204.12 159883.53\n") { SystemLoad.parse(uptime: $0) } == 41204.12)
    #expect(
      parsed("0.52 0.38 0.31 1/187 81200\n") { SystemLoad.parse(loadavg: $0) } == SystemLoad.Averages(one: 0.52, five: 0.38, fifteen: 0.31))
  }

  @Test(arguments: ["", "\n", "up", "-1.0", "1.0 x", "99999999999999999999.0"])
  func whatIsNone(text: String) {
    #expect(parsed(text) { SystemLoad.parse(loadavg: $0) } == nil)
    if text != "1.0 x" { #expect(parsed(text) { SystemLoad.parse(uptime: $0) } == nil) }
  }
}

struct WirelessTests {
  private static let headings = "Inter-| sta-|\n face | tus |\n"

  @Test(
    "one interface",
    arguments: [
      (" wlan0: 0000   57.  -53.  -256        0", Wireless(linkQuality: 57, signal: 53)),
      ("wlp2s0: 0000   70.  -38.  -95.        0", Wireless(linkQuality: 70, signal: 38, noise: 95)),
      // No longer new, and the noise not known.
      (" wlan0: 0000   57   -53   -256        0", Wireless(linkQuality: 57, signal: 53)),
      // By a scale of the driver's own, which is no dBm.
      ("  ath0: 0000   40.   61.  161.        0", Wireless(linkQuality: 40)),
      // Without a connection.
      (" wlan0: 0000    0   -256  -256        0", nil), (" wlan0: 0000    0.    0.    0.        0", nil),
    ] as [(String, Wireless?)])
  func connection(line: String, wireless: Wireless?) {
    var found: [Wireless] = []
    #expect(parsed(Self.headings + line + "\n") { Wireless.parse($0) { found.append($1) } })
    #expect(found == (wireless.map { [$0] } ?? []))
  }

  @Test(arguments: [
    "", "one line\n", "\n\nwlan0 0000 57. -53. -256\n", "\n\nwlan0: 0000 57.\n", "\n\nwlan0: 0000 57. -999. -256\n", "\n\n: 0 1 1 1\n",
  ])
  func whatIsNone(text: String) { #expect(!parsed(text) { Wireless.parse($0) { _, _ in } }) }

  @Test func headingsAloneAreNoInterface() { #expect(parsed(Self.headings) { Wireless.parse($0) { _, _ in Issue.record("none") } }) }
}

struct FlashWearTests {
  @Test(
    arguments: [
      ("0x01 0x02", 10, 20), ("0x0a 0x0b", 100, 110), ("0x00 0x01", nil, 10), ("0x0c 0xff", nil, nil),
    ] as [(String, Double?, Double?)])
  func lifeTime(text: String, a: Double?, b: Double?) throws {
    let life = try #require(parsed(text) { FlashWear.parse(lifeTime: $0) })
    #expect(life == (a, b))
  }

  // A hyphen: some kernels, of cards before eMMC 5.
  @Test(arguments: ["", "-", "0x01", "1 two", "0x01 0x100000000"])
  func noLifeTime(text: String) { #expect(parsed(text) { FlashWear.parse(lifeTime: $0) == nil }) }

  @Test(arguments: [("0x01", 1), ("0x03", 3), ("0x00", nil), ("0x04", nil), ("", nil)] as [(String, Double?)])
  func preEndOfLife(text: String, value: Double?) { #expect(parsed(text) { FlashWear.parse(preEndOfLife: $0) } == value) }

  @Test(
    arguments: [("0", 0), ("81204412", 83_153_317_888), ("18446744073709551615", 0x1p74), ("-1", nil), ("", nil)] as [(String, Double?)])
  func written(text: String, bytes: Double?) { #expect(parsed(text) { FlashWear.parse(lifetimeWriteKilobytes: $0) } == bytes) }
}

struct ThrottlingTests {
  @Test(
    "capped, throttled, at the limit",
    arguments: [
      ("0", false, false, false), ("50005", false, true, false), ("20002", true, false, false), ("80000", false, false, true),
      ("8", false, false, true), ("10001", false, false, false), ("ffffffff", true, true, true),
    ])
  func parse(text: String, capped: Bool, throttled: Bool, limit: Bool) {
    let state = Throttling(frequencyIsCapped: capped, isThrottled: throttled, isAtSoftTemperatureLimit: limit)
    #expect(parsed(text) { Throttling.parse($0) } == state)
  }

  @Test(arguments: ["", "no", "throttled=0x0"]) func whatIsNone(text: String) { #expect(parsed(text) { Throttling.parse($0) } == nil) }
}

struct ReadOnlyFileSystemsTests {
  private func readOnly(_ mountinfo: String, fstab: String = "") -> [String]? {
    let intended = parsed(fstab) { ReadOnlyFileSystems.parse(fstab: $0) }
    return parsed(mountinfo) { ReadOnlyFileSystems.parse(mountinfo: $0, intended: intended) }?.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "the recorded machines",
    arguments: [
      ("raspberry-pi-4", RecordedMachine.Moment.before, []), ("raspberry-pi-4", .after, ["/media/pi/USB STICK"]),
      ("raspberry-pi-5", .before, []), ("virtual-machine", .before, []), ("virtual-machine", .after, ["/"]),
      // Every mount is `ro` for a hardened service; what fstab wants read-only, images and discs do not count.
      ("debian-server", .before, []), ("docker-container", .before, []),
    ])
  func recorded(name: String, moment: RecordedMachine.Moment, mountPoints: [String]) throws {
    let machine = RecordedMachine(name: name)
    let fstab = (try? machine.file("etc/fstab", moment)) ?? []
    #expect(readOnly(try machine.file("proc/self/mountinfo", moment).text, fstab: fstab.text) == mountPoints)
  }

  @Test(
    "options of the file system",
    arguments: [
      ("rw", false), ("ro", true), ("rw,ro", true), ("ro,seclabel", true), ("rw,errors=remount-ro", false), ("rw,shutdown", true),
      ("rw,emergency_ro", true), ("rotten", false), ("", false),
    ])
  func options(options: String, isReadOnly: Bool) {
    let line = "25 1 8:1 / /data rw shared:1 master:2 - ext4 /dev/sda1 \(options)\n"
    #expect(readOnly(line) == (options.isEmpty ? nil : isReadOnly ? ["/data"] : []))
  }

  /// As of `mount -t tmpfs "" /tmp`.
  @Test func aSourceMayBeEmpty() {
    #expect(readOnly("1 0 0:30 / /tmp rw - tmpfs  ro\n2 0 8:1 / /a rw - ext4 /dev/sda1 ro\n") == ["/a"])
  }

  @Test func aDeviceCountsOnce() {
    #expect(
      readOnly("1 0 8:1 / /a rw - ext4 /dev/sda1 ro\n2 0 8:1 /x /b rw - ext4 /dev/sda1 ro\n3 0 8:2 / /c rw - xfs /dev/sda2 ro\n") == [
        "/a", "/c",
      ])
  }

  @Test(arguments: ["1 0 8:1 / /a rw", "1", "1 0 8:1 / /a rw - ext4", "x\n"])
  func whatIsNone(text: String) { #expect(readOnly(text) == nil) }

  @Test func fstabIsTakenAsItIs() {
    let text =
      "# UUID=1 /no ext4 ro 0 0\n\nUUID=2\t/with\\040blank\text4\tnoatime,ro\t0 2\nUUID=3 /rw ext4 rw\nshort\n/dev/sda / ext4 errors=remount-ro\n"
    #expect(parsed(text) { ReadOnlyFileSystems.parse(fstab: $0) } == [Array("/with blank".utf8)])
  }
}

struct ControlGroupTests {
  @Test(
    "the group of version 2",
    arguments: [
      ("0::/\n", "/"), ("12:devices:/x\n0::/system.slice/a.service\n", "/system.slice/a.service"), ("1:name=systemd:/a\n", nil),
      // Outside of the namespace.
      ("0::/../../other\n", nil), ("0::relative\n", nil), ("", nil),
    ] as [(String, String?)])
  func path(text: String, path: String?) { #expect(parsed(text) { ControlGroup.parse(cgroup: $0) } == path) }

  @Test(
    arguments: [("max 100000", nil), ("150000 100000", 1.5), ("1 0", nil), ("5", nil), ("", nil), ("-1 100000", nil)] as [(String, Double?)]
  )
  func cpuMax(text: String, processors: Double?) { #expect(parsed(text) { ControlGroup.parse(cpuMax: $0) } == processors) }

  @Test(arguments: [("max", nil), ("536870912", 536_870_912), ("", nil), ("18446744073709551616", nil)] as [(String, UInt64?)])
  func number(text: String, value: UInt64?) { #expect(parsed(text) { ControlGroup.parse(number: $0) } == value) }

  @Test func aKeyIsTheWholeWord() {
    let text = "inactive_file_more 1\ninactive_file 2\ninactive_file 3\n"
    #expect(parsed(text) { ControlGroup.number("inactive_file", in: $0) } == 2)
    #expect(parsed("inactive_file\n") { ControlGroup.number("inactive_file", in: $0) } == nil)
    #expect(parsed(text) { ControlGroup.number("file", in: $0) } == nil)
  }

  @Test func memory() {
    let group = ControlGroup(memoryUsage: 300, inactiveFile: 100, memoryLimit: 400)
    #expect(group.workingSet == 200)
    #expect(group.memoryUtilization == 50)
    // The two are not read in the same instant.
    #expect(ControlGroup(memoryUsage: 1, inactiveFile: 2).workingSet == 0)
    #expect(ControlGroup(memoryUsage: 300, inactiveFile: 100).memoryUtilization == nil)
    #expect(ControlGroup(memoryUsage: 300, inactiveFile: 100, memoryLimit: 0).memoryUtilization == nil)
    #expect(ControlGroup(memoryUsage: 300).workingSet == nil)
  }

  @Test func cpu() {
    let before = ControlGroup(cpuTime: 1_000_000, cpuLimit: 1.5, periods: 10, throttledPeriods: 4)
    let after = ControlGroup(cpuTime: 4_000_000, cpuLimit: 1.5, periods: 30, throttledPeriods: 9)
    #expect(after.cpuUsage(since: before, nanoseconds: 2_000_000_000) == 150)
    #expect(after.cpuUtilization(since: before, nanoseconds: 2_000_000_000) == 100)
    #expect(after.cpuThrottled(since: before) == 25)
    #expect(before.cpuUsage(since: after, nanoseconds: 1) == nil)
    #expect(after.cpuUsage(since: before, nanoseconds: 0) == nil)
    #expect(before.cpuThrottled(since: before) == nil)
    #expect(after.cpuUtilization(since: ControlGroup(), nanoseconds: 1) == nil)
  }
}

extension [UInt8] {
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
