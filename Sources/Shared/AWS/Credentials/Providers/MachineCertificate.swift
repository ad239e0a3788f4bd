internal import Config
internal import Unix

/// The certificate that identifies a machine, and what may be wrong with it.
struct MachineCertificate {
  let identity: X509Identity
  private let files: CertificateFiles

  /// Reads the files, which change when a certificate is renewed.
  /// - Parameter name: the provider's name for messages.
  init(_ files: CertificateFiles, environment: Environment, for name: String) throws {
    self.files = files
    do {
      let contents = try files.read(environment: environment)
      var parts = [(name: files.certificatePath, bytes: contents.certificate)]
      if files.keyPath != files.certificatePath { parts.append((name: files.keyPath, bytes: contents.key)) }
      identity = try X509Identity(parts)
    } catch let error as any Failure {
      throw CredentialsError("\(name): \(error.message)", status: error.status)
    }
  }

  /// Makes a request that presents the certificate; a failure names the certificate's dates if they are the likely reason.
  /// - Throws: `CredentialsError`
  func ask<Answer>(
    _ network: ProviderClient, _ request: AWSRequest, region: String, for name: String, advice: (AWSError) -> ProviderClient.Advice?,
    _ decode: (AWSResponse) -> Answer?
  ) throws -> Answer {
    do {
      return try network.ask(request, region: region, for: name, advice: advice, decode)
    } catch let error as CredentialsError {
      throw explained(error, now: try network.serviceMilliseconds(region: region))
    }
  }

  // Services say only that they refuse.
  private func explained(_ error: CredentialsError, now: Int64) -> CredentialsError {
    let reason: String
    switch identity.validity(at: now) {
    case .valid: return error
    case .expired:
      reason = "the certificate \(files.certificatePath) has expired on \(DateTime(milliseconds: identity.notAfter).iso8601); renew it"
    case .notYet:
      reason =
        "the certificate \(files.certificatePath) is not valid before \(DateTime(milliseconds: identity.notBefore).iso8601); is the clock right?"
    }
    return CredentialsError("\(error.message); \(reason)", .refused)
  }
}
