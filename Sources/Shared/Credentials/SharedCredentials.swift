package import AWS

package final class SharedCredentials: CredentialsProvider {
  private let source: any CredentialsSource
  private var memory: [String: String] = [:]
  package init(_ source: any CredentialsSource) { self.source = source }
  package func credentials(besides refused: AWSCredentials?) throws -> AWSCredentials { try source.mint(&memory) }
}
