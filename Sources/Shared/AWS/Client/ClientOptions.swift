/// Everything about calling AWS that a person, a file or a variable can decide.
package struct ClientOptions {
  package var region: String
  /// For a service's `endpointIdentifier`: the URL to use in place of the regional endpoint.
  var endpointURL: (_ service: Service) -> String?
  var usesFIPS = false
  var usesDualStack = false
  package var caBundle: String?
  package var retryPolicy: RetryPolicy
  /// Bodies from this size on are compressed where the service allows it; nil: never.
  var minimumCompressionSize: Int? = 10_240
  package var userAgent: String
  /// Where calls are printed instead of being sent.
  package var dryRunDescriptor: Int32?

  package init(
    region: String, endpointURL: @escaping (_ service: Service) -> String? = { _ in nil }, retryPolicy: RetryPolicy,
    userAgent: String
  ) {
    self.region = region
    self.endpointURL = endpointURL
    self.retryPolicy = retryPolicy
    self.userAgent = userAgent
  }

  /// Where a service is called.
  package func endpoint(of service: Service) throws -> Endpoint {
    if let url = endpointURL(service) { return try Endpoint.custom(url) }
    return try Endpoint.regional(service, region: region, fips: usesFIPS, dualStack: usesDualStack)
  }
}
