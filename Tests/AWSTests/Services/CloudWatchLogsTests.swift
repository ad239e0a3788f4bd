import Testing
import Unix
@testable import AWS

@Suite struct CloudWatchLogsTests {
  typealias Rejected = CloudWatchLogs.Rejected

  @Test(arguments: [
    ("", Rejected()),
    (#"{"nextSequenceToken":"1"}"#, Rejected()),
    (#"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":3}}"#, Rejected(tooOld: 3)),
    (#"{"rejectedLogEventsInfo":{"expiredLogEventEndIndex":4}}"#, Rejected(expired: 4)),
    (#"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":3,"expiredLogEventEndIndex":4}}"#, Rejected(tooOld: 3, expired: 1)),
    (#"{"rejectedLogEventsInfo":{"tooNewLogEventStartIndex":8}}"#, Rejected(tooNew: 2)),
    (#"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":3,"tooNewLogEventStartIndex":8}}"#, Rejected(tooOld: 3, tooNew: 2)),
    // Nonsense from the network must not become a negative count.
    (#"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":99,"tooNewLogEventStartIndex":-5}}"#, Rejected(tooOld: 10)),
    (#"{"rejectedLogEventsInfo":7}"#, Rejected()),
  ])
  func rejected(_ body: String, _ expected: Rejected) {
    let result = CloudWatchLogs.rejected(AWSResponse(requestId: "", body: Array(body.utf8)), count: 10)
    #expect(result == expected)
    #expect((0...10).contains(result.total))
  }

  @Test func requests() {
    let creation = CloudWatchLogs.createLogGroup("/a/b")
    #expect(creation.body.bytes.text == #"{"logGroupName":"/a/b"}"#)
    let special = CloudWatchLogs.createLogGroup("g", groupClass: "INFREQUENT_ACCESS", kmsKeyId: "arn", tags: ["a": "b"]).body.text
    for part in [#""logGroupClass":"INFREQUENT_ACCESS""#, #""kmsKeyId":"arn""#, #""tags":{"a":"b"}"#] { #expect(special.contains(part)) }
    let retention = CloudWatchLogs.putRetentionPolicy(days: 7, group: "g")
    #expect(retention.operation == "PutRetentionPolicy")
    #expect(retention.body.bytes.text.contains(#""retentionInDays":7"#))
  }
}
