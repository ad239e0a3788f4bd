/// Which boot of the machine this is.
package enum BootIdentity {
  /// 32 bits of the kernel's random name of this boot, which are its first eight hexadecimal digits; nil if it has none.
  package static let current: UInt32? = read()

  /// The same of such a name; nil if it is none.
  package static func parse(_ name: some StringProtocol) -> UInt32? {
    let digits = name.prefix(8)
    return digits.utf8.count == 8 && digits.allSatisfy(\.isHexDigit) ? UInt32(digits, radix: 16) : nil
  }

  #if os(Linux)
    private static func read() -> UInt32? {
      (try? TextFile.read("/proc/sys/kernel/random/boot_id")).flatMap { parse(String(decoding: $0, as: UTF8.self)) }
    }
  #else
    private static func read() -> UInt32? {
      var bytes = [CChar](repeating: 0, count: 64)
      var size = bytes.count
      guard sysctlbyname("kern.bootsessionuuid", &bytes, &size, nil, 0) == 0 else { return nil }
      return parse(String(decoding: bytes.prefix(size).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
  #endif
}
