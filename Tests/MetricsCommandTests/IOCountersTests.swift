import Testing

@testable import MetricsCommand

struct TrafficTests {
  private func device(_ name: String, _ bytesIn: UInt64, _ bytesOut: UInt64, _ operationsIn: UInt64, _ operationsOut: UInt64) -> IOCounters
  {
    IOCounters(
      device: Array(name.utf8), bytesIn: bytesIn, bytesOut: bytesOut, operationsIn: operationsIn, operationsOut: operationsOut)
  }

  private func rates(_ earlier: [IOCounters], _ later: [IOCounters], seconds: Double = 2) -> IOCounters.Rates? {
    IOCounters.rates(from: earlier, to: later, seconds: seconds)
  }

  @Test func devicesAreSummedUpPerSecond() {
    let rates = rates(
      [device("a", 0, 100, 0, 10), device("b", 5, 5, 5, 5)], [device("a", 20, 140, 6, 18), device("b", 7, 5, 9, 5)])
    #expect(rates == IOCounters.Rates(bytesIn: 11, bytesOut: 20, operationsIn: 5, operationsOut: 4))
  }

  @Test func theOrderOfDevicesIsOfNoImportance() {
    let rates = rates([device("a", 0, 0, 0, 0), device("b", 100, 0, 0, 0)], [device("b", 102, 0, 0, 0), device("a", 2, 0, 0, 0)])
    #expect(rates?.bytesIn == 2)
  }

  @Test(
    "a device of which one counter went backwards is left out with all of them",
    arguments: [(9, 99, 99, 99), (99, 9, 99, 99), (99, 99, 9, 99), (99, 99, 99, 9)] as [(UInt64, UInt64, UInt64, UInt64)])
  func backwards(_ now: (UInt64, UInt64, UInt64, UInt64)) {
    let later = [device("a", now.0, now.1, now.2, now.3), device("b", 2, 2, 2, 2)]
    let rates = rates([device("a", 10, 10, 10, 10), device("b", 0, 0, 0, 0)], later)
    #expect(rates == IOCounters.Rates(bytesIn: 1, bytesOut: 1, operationsIn: 1, operationsOut: 1))
  }

  @Test func aNewDeviceCountsFromItsSecondReading() {
    let first = [device("a", 0, 0, 0, 0)]
    let second = [device("new", 1_000_000, 0, 0, 0), device("a", 2, 0, 0, 0)]
    let third = [device("new", 1_000_004, 0, 0, 0), device("a", 2, 0, 0, 0)]
    #expect(rates(first, second)?.bytesIn == 1)
    #expect(rates(second, third)?.bytesIn == 2)
  }

  @Test func aDeviceThatIsGoneCountsNothing() {
    #expect(rates([device("a", 0, 0, 0, 0), device("b", 9, 9, 9, 9)], [device("a", 2, 2, 2, 2)])?.bytesIn == 1)
  }

  @Test func nothingIsInventedWhereNothingWasMeasured() {
    let one = [device("a", 10, 10, 10, 10)]
    #expect(rates([], one) == nil)
    #expect(rates(one, []) == nil)
    #expect(rates(one, [device("b", 20, 20, 20, 20)]) == nil)
    #expect(rates(one, [device("a", 1, 1, 1, 1)]) == nil)
    #expect(rates(one, one, seconds: 0) == nil)
    #expect(rates(one, one) == IOCounters.Rates())
  }
}
