/// The name that hostname(1) prints; empty if there is none.
package func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  // One byte stays 0: a name that is cut need not be ended.
  guard gethostname(&name, name.count - 1) == 0 else { return "" }
  return name.withUnsafeBytes { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}
