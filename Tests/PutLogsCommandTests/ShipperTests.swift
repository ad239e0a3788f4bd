internal import AWS
internal import Config
import Testing
internal import TestSupport
@testable internal import PutLogsCommand

/// Groups and streams that are missing, with a service that answers as each test wants.
@Suite final class ShipperTests {
  private let client = ScriptedClient()

  private static let settings = {
    var settings = Configuration.GroupSettings()
    settings.retentionInDays = 7
    settings.logGroupClass = .infrequentAccess
    settings.kmsKeyId = "arn:aws:kms:eu-west-1:1:key/2"
    settings.tags = ["team": "lab"]
    return settings
  }()

  private lazy var shipper = Shipper(
    client, interval: 0, groups: { $0 == "/g" ? Self.settings : Configuration.GroupSettings() }, clock: { [unowned self] in now })
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
    client.refuse(stream, .refused, "ResourceNotFoundException")
    #expect(client.calls.map(\.operation) == ["CreateLogStream"])
    client.refuse(stream, .refused, "ResourceNotFoundException")
    #expect(client.calls.map(\.operation) == ["CreateLogGroup"])
  }

  @Test func aGroupIsMadeWithItsSettingsAndItsRetentionIsPutOnce() {
    send("1", group: "/g", stream: "a")
    missing("a")
    let request = client.calls.first?.request
    #expect(request?["logGroupClass"]?.string == "INFREQUENT_ACCESS")
    #expect(request?["kmsKeyId"]?.string == "arn:aws:kms:eu-west-1:1:key/2")
    #expect(request?["tags"]?["team"]?.string == "lab")
    client.accept("")
    client.accept("a")
    #expect(client.messages("a") == ["1"])
    client.accept("a", "{}")
    #expect(client.calls.map(\.operation) == ["PutRetentionPolicy"])
    #expect(client.calls.first?.request?["retentionInDays"]?.number == 7)
    client.accept("")
    for stream in ["a", "b"] {
      send("2", group: "/g", stream: stream)
      client.accept(stream, "{}")
    }
    #expect(client.pendingCount == 0)
  }

  @Test func aGroupWithoutSettingsIsLeftAlone() {
    send("1", group: "/other", stream: "a")
    missing("a")
    for name in ["logGroupClass", "kmsKeyId", "tags"] { #expect(client.calls.first?.request?[name] == nil) }
    client.accept("")
    client.accept("a")
    client.accept("a", "{}")
    #expect(client.pendingCount == 0)
  }

  /// As one of the same name that was deleted had.
  @Test func aGroupThatIsMadeAgainGetsItsRetentionAgain() {
    send("1", group: "/g", stream: "a")
    client.accept("a", "{}")
    #expect(client.calls.map(\.operation) == ["PutRetentionPolicy"])
    client.accept("")
    send("2", group: "/g", stream: "a")
    missing("a")
    client.accept("")
    client.accept("a")
    client.accept("a", "{}")
    #expect(client.calls.map(\.operation) == ["PutRetentionPolicy"])
  }

  /// The service's own view of what was made lags behind for some seconds.
  @Test func aStreamThatIsNotThereYetIsTriedAgainAfterPauses() {
    send("1", group: "/other", stream: "a")
    send("2", group: "/other", stream: "a")
    var requests: [Int64] = []
    while requests.count < 6 {
      client.refuse("a", .refused, "ResourceNotFoundException")
      if let due = shipper.nextDue {
        #expect(client.pendingCount == 0 && !shipper.isIdle)
        now = due - 1
        shipper.sendDue(now: now)
        #expect(client.pendingCount == 0)
        now = due
        shipper.sendDue(now: now)
      }
      #expect(client.calls.map(\.operation) == ["CreateLogStream"])
      client.accept("a")
      requests.append(now / 1_000_000)
    }
    #expect(requests == [0, 500, 1500, 3500, 7500, 15500])
    client.accept("a", "{}")
    #expect(client.messages("a") == ["2"])
    client.accept("a", "{}")
    #expect(shipper.counters.delivered == 2 && shipper.counters.refused == 0)
  }

  /// The group was made, and is not there yet.
  @Test func aGroupThatIsNotThereYetIsWaitedForLikewise() {
    send("1", group: "/other", stream: "a")
    missing("a")
    client.accept("")
    client.refuse("a", .refused, "ResourceNotFoundException")
    #expect(client.pendingCount == 0 && shipper.counters.refused == 0)
    now = 500_000_000
    shipper.sendDue(now: now)
    client.accept("a")
    client.accept("a", "{}")
    #expect(shipper.counters.delivered == 1)
  }

  /// Its tags, say, are not allowed: its streams wait, the others go on.
  @Test func aGroupThatMayNotBeMadeHoldsUpNoOther() {
    var refusals: [String] = []
    shipper.onRefusal = { refusals.append($0) }
    send("1", group: "/g", stream: "a")
    missing("a")
    client.refuse("", .accessDenied, "AccessDeniedException")
    #expect(refusals.count == 1)
    #expect(refusals.first?.hasPrefix("/g a: ") == true)
    send("2", group: "/other", stream: "b")
    client.accept("b", "{}")
    #expect(shipper.counters.delivered == 1)
    #expect(shipper.anyRefusal != nil)
  }
}
