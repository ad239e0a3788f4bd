import Testing
import Unix

@testable import LogFilterCommand

/// Each folder of `Tests/fixtures/filter` is a run: its arguments, one a line, its input, and what comes out.
struct GoldenTests {
  private static let folder = String(#filePath.dropLast("LogFilterCommandTests/GoldenTests.swift".count)) + "fixtures/filter"

  private static let names: [String] = {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }()

  @Test func thereAreCases() { #expect(Self.names.count >= 8) }

  @Test(arguments: names)
  func comesOutAsExpected(_ name: String) throws {
    let folder = "\(Self.folder)/\(name)"
    let arguments = try String(decoding: TextFile.read("\(folder)/args"), as: UTF8.self).split(separator: "\n").map {
      String($0).replacing("{folder}", with: folder)
    }
    let run = try FilterRun(arguments, TextFile.read("\(folder)/in"))
    #expect(try run.output == String(decoding: TextFile.read("\(folder)/out"), as: UTF8.self))
    #expect(run.failure == nil)
    #expect(run.warnings == [])
  }
}
