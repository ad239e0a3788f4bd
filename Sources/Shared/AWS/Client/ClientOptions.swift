/// Everything about requests to AWS that a person, a file or a variable can decide.
package struct ClientOptions {
  package var region: String
  /// The URL to use in place of a service's regional endpoint; nil: none.
  var endpointURL: (_ service: Service) -> String?
  var usesFIPS = false
  var usesDualStack = false
  /// PEM file of the only certificate authorities to trust; nil: the system's.
  package var caBundle: String?
  package var retryPolicy: RetryPolicy
  /// Bodies from this size on are compressed where the service allows it; nil: never.
  var minimumCompressionSize: Int? = 10_240
  package var userAgent: String
  /// Where requests are printed instead of being sent; nil: they are sent.
  package var dryRunDescriptor: Int32?

  /// Options without an own CA bundle, FIPS, dual-stack and dry run.
  /// - Parameter endpointURL: nil from it: the regional endpoint.
  package init(
    region: String, endpointURL: @escaping (_ service: Service) -> String? = { _ in nil }, retryPolicy: RetryPolicy,
    userAgent: String
  ) {
    self.region = region
    self.endpointURL = endpointURL
    self.retryPolicy = retryPolicy
    self.userAgent = userAgent
  }

  /// Where requests for a service go.
  /// - Throws: `CommandError` for an unknown region or an unusable URL.
  package func endpoint(of service: Service) throws -> Endpoint {
    if let url = endpointURL(service) { return try Endpoint.custom(url) }
    return try Endpoint.regional(service, region: region, fips: usesFIPS, dualStack: usesDualStack)
  }
}
