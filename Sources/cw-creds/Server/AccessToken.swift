internal import AWS

/// The token that a client needs to get credentials: 32 random bytes in base64url, new at each start.
struct AccessToken: Equatable {
  let text: String

  init() throws { self.init(try Random.bytes(32)) }

  init(_ bytes: [UInt8]) {
    text = String(bytes.base64.compactMap { $0 == "=" ? nil : $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
  }

  /// Whether a text is the token. The time does not depend on the text, so that the token cannot be found digit by digit.
  func matches(_ given: String) -> Bool { Array(text.utf8).isEqualInConstantTime(to: Array(given.utf8)) }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
  var description: String { "(token)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
