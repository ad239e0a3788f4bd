internal import Unix

/// `--dry-run`: calls as NDJSON in place of sending them.
enum DryRun {
  /// Prints `{"service":…,"region":…,"operation":…,"request":{…}}` and makes up an empty success.
  static func print(_ call: Call, region: String, to descriptor: Int32) throws -> Reply {
    let line = ByteBuffer(capacity: call.body.count + 256)
    line.append("{\"service\":\"\(call.service.signingName)\",\"region\":\"\(region)\",")
    line.append("\"operation\":\"\(call.operation)\",\"request\":")
    line.append(call.body)
    line.append("}\n")
    try Descriptor.writeAll(descriptor, line)
    return Reply(requestId: "dry-run", body: [])
  }
}
