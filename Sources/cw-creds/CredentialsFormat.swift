internal import ArgumentParser
internal import AWS
internal import Config
internal import Unix

/// The form in which `get` prints credentials.
enum CredentialsFormat: String, CaseIterable, ExpressibleByArgument {
  case process, env

  /// One line of JSON for `credential_process`; unknown values are left out.
  static func process(_ credentials: AWSCredentials) -> ByteBuffer {
    let expiration = credentials.expiration.map { DateTime(milliseconds: $0).iso8601 }
    let json: JSON.Value = [
      "Version": 1, "AccessKeyId": credentials.accessKeyId, "SecretAccessKey": credentials.secretAccessKey,
      "SessionToken": credentials.sessionToken, "Expiration": expiration, "AccountId": credentials.accountId,
    ]
    let text = ByteBuffer()
    json.append(to: text)
    text.append("\n")
    return text
  }

  /// Lines for `eval`. Variables without a value are unset: a token of other credentials would go with the wrong key, and the old name of
  /// the token wins over the new one in some SDKs.
  /// - Throws: `CredentialsError` if a value has a NUL or a line feed.
  static func env(_ credentials: AWSCredentials) throws -> ByteBuffer {
    let expiration = credentials.expiration.map { DateTime(milliseconds: $0).iso8601 }
    let variables = [
      ("AWS_ACCESS_KEY_ID", credentials.accessKeyId), ("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey),
      ("AWS_SESSION_TOKEN", credentials.sessionToken), ("AWS_SECURITY_TOKEN", nil),
      ("AWS_CREDENTIAL_EXPIRATION", expiration), ("AWS_ACCOUNT_ID", credentials.accountId),
    ]
    let text = ByteBuffer()
    for (name, value) in variables {
      if let value {
        text.append("export \(name)=")
        try append(quoted: value, name, to: text)
      } else {
        text.append("unset \(name)")
      }
      text.append("\n")
    }
    return text
  }

  // A POSIX shell takes every byte in single quotes as it is, except the quote itself.
  private static func append(quoted value: String, _ name: String, to text: ByteBuffer) throws {
    text.append("'")
    for byte in value.utf8 {
      switch byte {
      case 0x00, 0x0A:
        throw CredentialsError("\(name) has a NUL or a line feed in it, which cannot be a part of a key; nothing is printed")
      case UInt8(ascii: "'"): text.append("'\\''")
      default: text.append(byte: byte)
      }
    }
    text.append("'")
  }
}
