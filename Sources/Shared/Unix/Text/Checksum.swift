/// FNV-1a with 64 bits: tells torn and foreign bytes from those that were written. It does not protect against forgery.
package struct Checksum: Equatable {
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Of no bytes yet.
  package init() {}

  /// Of these bytes.
  package init(_ bytes: UnsafeRawBufferPointer) { add(bytes) }

  /// Goes on with these bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var hash = value
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = hash
  }

  /// Goes on with these bytes.
  package mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }
}
