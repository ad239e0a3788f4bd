internal import AWS

/// What a client must know to get credentials: 32 bytes that nobody can guess, in base64url, new at each start.
struct AccessToken: Equatable {
  let text: String

  init() throws { self.init(try Random.bytes(32)) }

  init(_ bytes: [UInt8]) {
    text = String(bytes.base64.compactMap { $0 == "=" ? nil : $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
  }

  /// Whether this is the token. Takes as long whatever stands in it, so that nobody can find it digit by digit.
  func matches(_ given: String) -> Bool { Array(text.utf8).isEqualInConstantTime(to: Array(given.utf8)) }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
  var description: String { "(token)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
