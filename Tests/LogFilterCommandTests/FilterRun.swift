import ArgumentParser
import TestSupport
import Unix

@testable import LogFilterCommand

/// One run of the filter in this process.
struct FilterRun {
  var output = ""
  var bytes: [UInt8] = []
  var warnings: [String] = []
  /// The message and status of the failure that ended it.
  var failure: String?
  var status = ExitStatus.done

  private final class Warnings {
    var lines: [String] = []
  }

  init(_ arguments: [String], _ input: [UInt8]) throws {
    let warnings = Warnings()
    try self.init(input) { input, output in
      try LogFilter.parse(arguments).filter(input: input, output: output) { warnings.lines.append($0) }
    }
    self.warnings = warnings.lines
  }

  /// Files at both ends, because a pipe would have to be emptied meanwhile.
  init(_ input: [UInt8], _ filter: (_ input: Int32, _ output: Int32) throws -> Void) throws {
    let source = try namelessFile()
    let sink = try namelessFile()
    defer {
      close(source)
      close(sink)
    }
    try input.withUnsafeBytes { try Descriptor.writeAll(source, $0) }
    lseek(source, 0, SEEK_SET)
    do {
      try filter(source, sink)
    } catch let error as any Failure {
      failure = error.message
      status = error.status
    }
    lseek(sink, 0, SEEK_SET)
    bytes = try TextFile.read(descriptor: sink, name: "the output", limit: 64 << 20)
    output = String(decoding: bytes, as: UTF8.self)
  }
}
