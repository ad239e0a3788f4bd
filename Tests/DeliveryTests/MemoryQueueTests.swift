import Testing
internal import Unix

@testable internal import Delivery

@Suite struct MemoryQueueTests {
  private func queue(_ overflow: Spool.Overflow, limit: Int = 10) -> MemoryQueue {
    var options = Spool.Options()
    (options.overflow, options.memoryLimit, options.items) = (overflow, limit, { $0.count })
    return MemoryQueue(options, warn: { _ in })
  }

  private func rest(_ queue: MemoryQueue) -> [String] {
    var rest: [String] = []
    while let bytes = queue.next() { rest.append(bytes.text) }
    return rest
  }

  @Test func handsOutInOrderUntilItIsAcknowledged() {
    let queue = queue(.block)
    for text in ["a", "bb", "ccc"] { queue.append { $0.append(text) } }
    #expect(queue.waiting == 6 && queue.unstored == 6 && !queue.isFull)
    _ = queue.next()
    let first = queue.position
    #expect(rest(queue) == ["bb", "ccc"])
    queue.acknowledge(upTo: first)
    queue.rewind()
    #expect(rest(queue) == ["bb", "ccc"])
    queue.acknowledge(upTo: queue.position)
    #expect(queue.waiting == 0)
  }

  @Test func blocksOrDropsTheOldestThatIsNotUnderWay() {
    let blocking = queue(.block)
    for _ in 0..<4 { blocking.append { $0.append("xxxx") } }
    #expect(blocking.isFull && blocking.waiting == 16 && blocking.dropped == 0)
    let dropping = queue(.dropOldest)
    dropping.append { $0.append("0000") }
    _ = dropping.next()
    let underWay = dropping.position
    for text in ["1111", "2222", "3333"] { dropping.append { $0.append(text) } }
    #expect(!dropping.isFull && dropping.dropped == 8)
    dropping.acknowledge(upTo: underWay)
    dropping.rewind()
    #expect(rest(dropping) == ["3333"])
  }
}
