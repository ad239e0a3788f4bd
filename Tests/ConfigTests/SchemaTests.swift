import Testing
import Unix

@testable import Config

struct SchemaTests {
  @Test func describesEachKeyOnce() {
    let paths = Schema.descriptions.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(Schema.known.isDisjoint(with: Schema.unsupported))
    #expect(Schema.known.isSuperset(of: ["agent", "agent.instance", "agent.authentication", "logs.logs_collected.files.collect_list"]))
    for description in Schema.descriptions { #expect(!description.meaning.isEmpty && !description.type.name.isEmpty) }
  }

  @Test func manualHasEveryKeyWithItsTypeAndDefault() throws {
    let manual = String(decoding: try TextFile.read("\(repository)/man/amazon-cloudwatch-publisher.json.5"), as: UTF8.self)
    var items: [String: String] = [:]
    for item in manual.split(separator: "\n.It Ic ").dropFirst() {
      let lines = item.split(separator: "\n")
      items[String(lines[0])] = lines.dropFirst().prefix { !$0.hasPrefix(".") }.joined(separator: " ")
    }
    for key in Schema.descriptions {
      let beginning = "\(key.type.name), \(key.standard.map { "default \($0)" } ?? "no default")."
      #expect(items[key.manualPath]?.hasPrefix(beginning) == true, "\(key.manualPath): \(items[key.manualPath] ?? "missing")")
    }
    let known = Set(Schema.descriptions.map(\.manualPath))
    #expect(items.keys.filter { !known.contains($0) } == [])
  }

  @Test func manualNamesEveryKeyWithoutEffect() throws {
    let manual = String(decoding: try TextFile.read("\(repository)/man/amazon-cloudwatch-publisher.json.5"), as: UTF8.self)
    let words = Set(manual.split { " \n,".contains($0) }.map(String.init))
    for path in Schema.unsupported {
      let name = path.hasSuffix("service.name") ? "service.name" : path.hasSuffix("deployment.environment") ? "deployment.environment" : nil
      #expect(words.contains(name ?? path.split(separator: ".").last.map(String.init) ?? path), "\(path)")
    }
  }
}
