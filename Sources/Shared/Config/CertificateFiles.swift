package import Unix

/// A certificate and its private key, in PEM: in one file or in two.
package struct CertificateFiles: Equatable, Sendable {
  package var certificatePath: String
  /// The same as `certificatePath` where one file holds both.
  package var keyPath: String

  /// - Parameter paths: one or two.
  init?(_ paths: [String]) {
    guard let first = paths.first else { return nil }
    certificatePath = first
    keyPath = paths.dropFirst().first ?? first
  }

  /// As the configuration has them.
  package var paths: [String] { certificatePath == keyPath ? [certificatePath] : [certificatePath, keyPath] }

  /// Reads both, each time anew: certificates are renewed.
  /// - Throws: a `ConfigurationError` if a file cannot be read, or others can read one with a private key in it.
  package func read(environment: Environment = processEnvironment) throws -> (certificate: [UInt8], key: [UInt8]) {
    let certificate = try SecretFile(certificatePath, environment: environment)
    let key = keyPath == certificatePath ? certificate : try SecretFile(keyPath, environment: environment)
    for (path, file, what) in [(certificatePath, certificate, "CERTIFICATE"), (keyPath, key, "PRIVATE KEY")] {
      // The certificate alone is public.
      if file.holds("PRIVATE KEY"), let validationError = file.validationError(holds: "a private key") {
        throw ConfigurationError(validationError)
      }
      guard file.holds(what) else {
        throw ConfigurationError("\(path): no \(what.lowercased()) in PEM in it, a line -----BEGIN \(what)----- is expected")
      }
    }
    return (certificate.bytes, key.bytes)
  }
}

extension SecretFile {
  /// Whether a PEM block of this kind begins in it, such as `RSA PRIVATE KEY` for `PRIVATE KEY`.
  fileprivate func holds(_ kind: String) -> Bool {
    bytes.split { $0 == 0x0A || $0 == 0x0D }.contains { line in
      line.starts(with: "-----BEGIN ".utf8) && String(decoding: line, as: UTF8.self).contains("\(kind)-----")
    }
  }
}
