internal import Patterns
internal import TestSupport
internal import Unix

@testable internal import LogFilterCommand

/// The first byte chooses the rules, the rest is what comes in: what goes out is what judging line by line would keep.
func fuzzPlainFilter(_ input: Bytes) {
  guard let first = input.first else { return }
  let rules = sets[Int(first) % sets.count]
  let content = input.part(1..<input.count)
  let expected = ByteBuffer()
  var start = 0
  while start < content.count {
    let lineFeed = content.firstIndex(of: 0x0A, from: start)
    let end = lineFeed ?? content.count
    let hasReturn = end > start && content[end - 1] == 0x0D
    if rules.keeps(content.part(start..<(hasReturn ? end - 1 : end))) {
      expected.append(content.part(start..<min(end + 1, content.count)))
    }
    start = end + 1
  }
  let passed = pass(content, rules)
  hold(passed == expected.array, "what is kept is what line by line is kept")
}

private func pass(_ content: Bytes, _ rules: FilterRules) -> [UInt8] {
  rewind(source, content)
  rewind(target, content.part(0..<0))
  do {
    try PlainFilter(rules: rules, input: source, output: target).run()
    lseek(target, 0, SEEK_SET)
    let result = ByteBuffer()
    while case .bytes(let count) = try Descriptor.read(target, into: result.reserve(1 << 16), count: 1 << 16) { result.advance(count) }
    return result.array
  } catch {
    stop("files can be read and written: \(error)")
  }
}

private func rewind(_ descriptor: Int32, _ content: Bytes) {
  ftruncate(descriptor, 0)
  lseek(descriptor, 0, SEEK_SET)
  try? Descriptor.writeAll(descriptor, content)
  lseek(descriptor, 0, SEEK_SET)
}

private let source = descriptor()
private let target = descriptor()

private func descriptor() -> Int32 {
  do { return try namelessFile() } catch { stop("a file can be made: \(error)") }
}

// The rules are used by one thread.
nonisolated(unsafe) private let sets: [FilterRules] = {
  let memory = MatchContext()
  func set(_ patterns: [String]) -> PatternSet {
    do {
      return try PatternSet(patterns, memory: memory, name: { "\($0)" }, warn: { _ in })
    } catch {
      stop("the patterns are good: \(error)")
    }
  }
  let lists: [([String], [String])] = [
    (["WARN|ERROR"], []), ([], ["/health"]), (["a"], ["ab"]), (["^\\d", "x+y"], []), ([], ["^$"]), (["\u{E9}t\u{E9}"], ["\\bnot\\b"]),
    (["(?i)err", "fail(ed|ure)"], ["\\r$"]), (["(a+)+$"], []), ([], ["^\\s*#", "debug"]),
  ]
  return lists.map { FilterRules(include: set($0), exclude: set($1)) }
}()
