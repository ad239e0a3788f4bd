internal import AWS
internal import Config
import Testing
internal import TestSupport
@testable internal import PutLogsCommand

/// Groups and streams that are missing, with a service that answers as each test wants.
@Suite final class ShipperTests {
  private let caller = ScriptedCaller()

  private static let settings = {
    var settings = Configuration.GroupSettings()
    settings.retentionInDays = 7
    settings.logGroupClass = .infrequentAccess
    settings.kmsKeyId = "arn:aws:kms:eu-west-1:1:key/2"
    settings.tags = ["team": "lab"]
    return settings
  }()

  private lazy var shipper = Shipper(
    caller, interval: 0, groups: { $0 == "/g" ? Self.settings : Configuration.GroupSettings() }, clock: { [unowned self] in now })
  private var now: Int64 = 0

  private func send(_ message: String, group: String, stream: String) {
    let stream = shipper.stream(Destination(group: group, stream: stream))
    #expect(
      shipper.add(to: stream, now: 0, timestamp: 1) { batch in
        Array(message.utf8).withUnsafeBytes { batch.add(timestamp: 1, raw: $0) }
      })
    shipper.sendAll()
  }

  /// Answers the calls as a service without the group does.
  private func missing(_ stream: String) {
    caller.refuse(stream, .refused, "ResourceNotFoundException")
    #expect(caller.calls.map(\.operation) == ["CreateLogStream"])
    caller.refuse(stream, .refused, "ResourceNotFoundException")
    #expect(caller.calls.map(\.operation) == ["CreateLogGroup"])
  }

  @Test func aGroupIsMadeWithItsSettingsAndItsRetentionIsPutOnce() {
    send("1", group: "/g", stream: "a")
    missing("a")
    let request = caller.calls.first?.request
    #expect(request?["logGroupClass"]?.string == "INFREQUENT_ACCESS")
    #expect(request?["kmsKeyId"]?.string == "arn:aws:kms:eu-west-1:1:key/2")
    #expect(request?["tags"]?["team"]?.string == "lab")
    caller.accept("")
    caller.accept("a")
    #expect(caller.messages("a") == ["1"])
    caller.accept("a", "{}")
    #expect(caller.calls.map(\.operation) == ["PutRetentionPolicy"])
    #expect(caller.calls.first?.request?["retentionInDays"]?.number == 7)
    caller.accept("")
    for stream in ["a", "b"] {
      send("2", group: "/g", stream: stream)
      caller.accept(stream, "{}")
    }
    #expect(caller.pendingCount == 0)
  }

  @Test func aGroupWithoutSettingsIsLeftAlone() {
    send("1", group: "/other", stream: "a")
    missing("a")
    for name in ["logGroupClass", "kmsKeyId", "tags"] { #expect(caller.calls.first?.request?[name] == nil) }
    caller.accept("")
    caller.accept("a")
    caller.accept("a", "{}")
    #expect(caller.pendingCount == 0)
  }

  /// As one of the same name that was deleted had.
  @Test func aGroupThatIsMadeAgainGetsItsRetentionAgain() {
    send("1", group: "/g", stream: "a")
    caller.accept("a", "{}")
    #expect(caller.calls.map(\.operation) == ["PutRetentionPolicy"])
    caller.accept("")
    send("2", group: "/g", stream: "a")
    missing("a")
    caller.accept("")
    caller.accept("a")
    caller.accept("a", "{}")
    #expect(caller.calls.map(\.operation) == ["PutRetentionPolicy"])
  }

  /// The service's own view of what was made lags behind for some seconds.
  @Test func aStreamThatIsNotThereYetIsTriedAgainAfterPauses() {
    send("1", group: "/other", stream: "a")
    send("2", group: "/other", stream: "a")
    var requests: [Int64] = []
    while requests.count < 6 {
      caller.refuse("a", .refused, "ResourceNotFoundException")
      if let due = shipper.nextDue {
        #expect(caller.pendingCount == 0 && !shipper.isIdle)
        now = due - 1
        shipper.sendDue(now: now)
        #expect(caller.pendingCount == 0)
        now = due
        shipper.sendDue(now: now)
      }
      #expect(caller.calls.map(\.operation) == ["CreateLogStream"])
      caller.accept("a")
      requests.append(now / 1_000_000)
    }
    #expect(requests == [0, 500, 1500, 3500, 7500, 15500])
    caller.accept("a", "{}")
    #expect(caller.messages("a") == ["2"])
    caller.accept("a", "{}")
    #expect(shipper.tally.delivered == 2 && shipper.tally.refused == 0)
  }

  /// The group was made, and is not there yet.
  @Test func aGroupThatIsNotThereYetIsWaitedForLikewise() {
    send("1", group: "/other", stream: "a")
    missing("a")
    caller.accept("")
    caller.refuse("a", .refused, "ResourceNotFoundException")
    #expect(caller.pendingCount == 0 && shipper.tally.refused == 0)
    now = 500_000_000
    shipper.sendDue(now: now)
    caller.accept("a")
    caller.accept("a", "{}")
    #expect(shipper.tally.delivered == 1)
  }

  /// Its tags, say, are not allowed: its streams wait, the others go on.
  @Test func aGroupThatMayNotBeMadeHoldsUpNoOther() {
    var refusals: [String] = []
    shipper.onRefusal = { refusals.append($0) }
    send("1", group: "/g", stream: "a")
    missing("a")
    caller.refuse("", .accessDenied, "AccessDeniedException")
    #expect(refusals.count == 1)
    #expect(refusals.first?.hasPrefix("/g a: ") == true)
    send("2", group: "/other", stream: "b")
    caller.accept("b", "{}")
    #expect(shipper.tally.delivered == 1)
    #expect(shipper.anyRefusal != nil)
  }
}
