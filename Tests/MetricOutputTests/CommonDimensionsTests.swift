@testable import MetricOutput
import Records
import Testing

struct LabelsTests {
  @Test(
    "high resolution is for less than a minute",
    arguments: [(nil, nil), (60, nil), (300, nil), (59.9, 1), (1, 1), (0.5, 1)] as [(Double?, Int?)])
  func resolution(interval: Double?, expected: Int?) {
    #expect(CommonDimensions(namespace: nil, interval: interval, instanceId: "a", hostname: "b").resolution == expected)
  }

  @Test func emptyDimensionsAreLeftOut() {
    let commonDimensions = CommonDimensions(namespace: nil, interval: nil, instanceId: "pi-1", hostname: "")
    #expect(commonDimensions.dimensions == [.init(name: "InstanceId", value: "pi-1")])
  }
}
