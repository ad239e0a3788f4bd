extension String {
  /// The text on one line, as it stands in memory and no other way: quoted from logs, files and servers it must not steer a terminal, forge
  /// a line, or show something else than it is. Controls and what cannot be seen (changes of the writing direction, tag characters,
  /// joiners, line separators) are escapes, `\u{202E}`, and so is a byte of a file's name that belongs to no character, `\xFF`.
  package var printable: String {
    guard unicodeScalars.contains(where: { !$0.isPrintable }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.isPrintable {
        result.unicodeScalars.append(scalar)
      } else if FileName.isByte(scalar) {
        result += "\\x" + String(scalar.value & 0xFF, radix: 16, uppercase: true)
      } else {
        result += scalar.escaped(asASCII: true)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  fileprivate var isPrintable: Bool {
    if isASCII { return (0x20...0x7E).contains(value) }
    if FileName.isByte(self) { return false }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }
}
