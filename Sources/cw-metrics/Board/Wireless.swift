internal import Unix

/// What a wireless interface says of its connection, `/proc/net/wireless`.
struct Wireless: Equatable {
  /// By the driver's own scale, mostly 0 to 70; nil: none.
  var linkQuality: Double?
  /// Decibels below a milliwatt: 53 is a signal of -53 dBm. Nil: not known, or by a scale of the driver's own.
  ///
  /// The magnitude, since CloudWatch computes no percentiles of a metric that has a negative value.
  var signal: Double?
  /// Likewise for the noise.
  var noise: Double?

  /// Parses the file; `body` gets each interface that has a connection, and its name. False: it is not as the kernel writes it.
  static func parse(_ text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, Wireless) -> Void) -> Bool {
    var lines = Lines(text)
    // Two lines of headings.
    guard lines.next() != nil, lines.next() != nil else { return false }
    while let line = lines.next() {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
      var fields = FieldScanner(line.part(colon + 1..<line.count))
      let name = line.part(0..<colon).trimmed
      guard !name.isEmpty, fields.word() != nil, let link = level(fields.word()), let signal = level(fields.word()),
        let noise = level(fields.word())
      else { return false }
      let wireless = Wireless(
        linkQuality: link < 0 ? nil : Double(link), signal: magnitude(signal), noise: magnitude(noise))
      // Without a connection the quality is 0 and the level is not known.
      if wireless.signal != nil || link > 0 { body(name, wireless) }
    }
    return true
  }

  // `-53.`: the dot says that it is new.
  private static func level(_ word: UnsafeRawBufferPointer?) -> Int64? {
    guard let word else { return nil }
    let number = word.last == UInt8(ascii: ".") ? word.part(0..<word.count - 1) : word
    guard let value = number.wholeNumber, (-256...255).contains(value) else { return nil }
    return value
  }

  // The kernel shows decibels as a negative number, a scale of the driver's as a positive one, and -256 for what is not known.
  private static func magnitude(_ level: Int64) -> Double? { level < 0 && level > -256 ? Double(-level) : nil }
}
