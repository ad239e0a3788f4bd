import Testing

@testable import MetricsCommand

struct NetworkTests {
  private let headings = "Inter-|   Receive | Transmit\n face |bytes packets | bytes packets\n"

  @Test(
    "names and numbers stand close together, or apart, or have colons of their own",
    arguments: [
      ("    lo:    5       6    0    0    0     0          0         0      7       8    0    0    0     0       0          0", "lo"),
      ("  eth0:5 6 0 0 0 0 0 0 7 8 0 0 0 0 0 0", "eth0"), ("eth0:1: 5 6 0 0 0 0 0 0 7 8 0 0 0 0 0 0", "eth0:1"),
      ("enx001122334455: 5 6 1 2 3 4 5 6 7 8 9 9 9 9 9 9", "enx001122334455"),
    ])
  func interfaces(line: String, name: String) {
    #expect(
      parsed(headings + line + "\n") { Network.parse(dev: $0) } == [
        IOCounters(device: Array(name.utf8), bytesIn: 5, bytesOut: 7, operationsIn: 6, operationsOut: 8)
      ])
  }

  @Test func aMachineWithoutInterfacesHasNone() {
    #expect(parsed(headings) { Network.parse(dev: $0) } == [])
  }

  @Test(
    "what is not /proc/net/dev",
    arguments: [
      "eth0 5 6 0 0 0 0 0 0 7 8 0 0 0 0 0 0\n", "eth0: 5 6 0 0 0 0 0 0 7\n", "eth0: 5 6 0 0 0 0 0 x 7 8\n", ": 5 6 0 0 0 0 0 0 7 8\n",
      "eth0:\n",
    ])
  func malformed(line: String) {
    #expect(parsed(headings + line) { Network.parse(dev: $0) } == nil)
  }

  @Test func anOddLineCostsItsOwnInterfaceAlone() {
    let text = headings + "odd: x\n eth0: 5 6 0 0 0 0 0 0 7 8 0 0 0 0 0 0\n"
    #expect(parsed(text) { Network.parse(dev: $0) }?.map(\.device) == [Array("eth0".utf8)])
  }

  @Test func headingsAreNeeded() {
    #expect(parsed("") { Network.parse(dev: $0) } == nil)
  }
}

extension Network {
  static func parse(dev: UnsafeRawBufferPointer) -> [IOCounters]? {
    var devices = DeviceTable<KnownDevice>()
    var interfaces: [IOCounters] = []
    return parse(dev: dev, devices: &devices, into: &interfaces) ? interfaces : nil
  }
}
