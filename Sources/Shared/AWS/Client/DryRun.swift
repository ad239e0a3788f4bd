internal import Unix

/// `--dry-run`: prints requests as NDJSON instead of sending them.
enum DryRun {
  /// Prints `{"service":…,"region":…,"operation":…,"request":{…}}` and returns an empty success.
  static func print(_ request: AWSRequest, region: String, to descriptor: Int32) throws -> AWSResponse {
    let line = ByteBuffer(capacity: request.body.count + 256)
    line.append("{\"service\":\"\(request.service.signingName)\",\"region\":\"\(region)\",")
    line.append("\"operation\":\"\(request.operation)\",\"request\":")
    line.append(request.body)
    line.append("}\n")
    try Descriptor.writeAll(descriptor, line)
    return AWSResponse(requestId: "dry-run", body: [])
  }
}
