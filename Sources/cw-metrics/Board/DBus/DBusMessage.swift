internal import Unix

/// A message of D-Bus, by the "D-Bus Specification", version 0.43, as far as a client needs it that asks for properties.
struct DBusMessage: Equatable {
  enum Kind: UInt8 {
    case call = 1
    case reply = 2
    case error = 3
    case signal = 4
  }

  /// Nil: one of a later specification, which a client passes over.
  var kind: Kind?
  /// Of the call that it answers.
  var replySerial: UInt32?
  /// Such as `org.freedesktop.DBus.Error.ServiceUnknown`.
  var errorName: String?
  /// The one number of 32 bits in a variant that the body consists of: what a property of type `u` is answered with. Nil: it is something
  /// else.
  var number: UInt32?

  /// Bytes of a whole message; a larger one is refused. Answers here have some dozens.
  static let limit = 1 << 16

  enum Parsed: Equatable {
    case incomplete
    /// Not as the specification has it, or too large.
    case invalid
    /// A message, and its size in bytes.
    case message(DBusMessage, size: Int)
  }

  /// Parses the message at the beginning of the bytes.
  static func parse(_ bytes: UnsafeRawBufferPointer) -> Parsed {
    guard bytes.count >= 16 else { return .incomplete }
    let isBigEndian = bytes[0] == UInt8(ascii: "B")
    guard isBigEndian || bytes[0] == UInt8(ascii: "l"), bytes[3] == 1 else { return .invalid }
    var sizes = DBusReader(bytes.part(0..<16), isBigEndian: isBigEndian)
    sizes.skip(4)
    guard let bodySize = sizes.number(), sizes.number() != nil, let fieldsSize = sizes.number(), bodySize <= limit, fieldsSize <= limit
    else { return .invalid }
    // The body begins at a multiple of eight.
    let bodyStart = (16 + Int(fieldsSize) + 7) & ~7
    let size = bodyStart + Int(bodySize)
    guard size <= limit else { return .invalid }
    guard bytes.count >= size else { return .incomplete }
    var message = DBusMessage(kind: Kind(rawValue: bytes[1]))
    var fields = DBusReader(bytes.part(0..<16 + Int(fieldsSize)), isBigEndian: isBigEndian)
    fields.skip(16)
    guard let isVariant = message.read(&fields) else { return .invalid }
    if isVariant {
      var body = DBusReader(bytes.part(bodyStart..<size), isBigEndian: isBigEndian)
      if body.signature()?.equals("u") == true, let number = body.number(), body.isAtEnd { message.number = number }
    }
    return .message(message, size: size)
  }

  // Returns whether the body is a variant; nil: the fields are not as they should be.
  private mutating func read(_ fields: inout DBusReader) -> Bool? {
    var isVariant = false
    while true {
      fields.align(to: 8)
      if fields.isAtEnd { return isVariant }
      guard let code = fields.byte(), let type = fields.signature(), type.count == 1, let only = type.first else { return nil }
      switch (code, only) {
      case (4, UInt8(ascii: "s")):
        guard let name = fields.text() else { return nil }
        errorName = name.text
      case (5, UInt8(ascii: "u")):
        guard let serial = fields.number() else { return nil }
        replySerial = serial
      case (8, UInt8(ascii: "g")):
        guard let types = fields.signature() else { return nil }
        isVariant = types.equals("v")
      default:
        guard fields.skipValue(of: only) else { return nil }
      }
    }
  }
}

extension DBusMessage {
  /// The bytes of a call whose arguments are texts, in the order of bytes of little-endian machines.
  ///
  /// It starts no service that is not running.
  static func call(
    serial: UInt32, destination: String, path: String, interface: String, member: String, arguments: [String] = []
  ) -> [UInt8] {
    var body = DBusWriter()
    for argument in arguments { body.text(argument) }
    var fields = DBusWriter()
    fields.field(1, "o") { $0.text(path) }
    fields.field(2, "s") { $0.text(interface) }
    fields.field(3, "s") { $0.text(member) }
    fields.field(6, "s") { $0.text(destination) }
    if !arguments.isEmpty { fields.field(8, "g") { $0.signature(String(repeating: "s", count: arguments.count)) } }
    var message = DBusWriter()
    // Flag 2: NO_AUTO_START.
    message.bytes = [UInt8(ascii: "l"), Kind.call.rawValue, 2, 1]
    message.number(UInt32(clamping: body.bytes.count))
    message.number(serial)
    message.number(UInt32(clamping: fields.bytes.count))
    message.bytes += fields.bytes
    message.align(to: 8)
    return message.bytes + body.bytes
  }
}
