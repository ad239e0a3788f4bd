import Testing

@testable import AWS

@Suite struct XMLElementTests {
  @Test func aTree() throws {
    let root = try #require(XMLElement(Array("<?xml version='1.0'?><a xmlns='u:v'><b>x &amp; <![CDATA[<y>]]></b><b>2</b><c/></a>".utf8)))
    #expect(root.name == "a" && root.children.map(\.name) == ["b", "b", "c"])
    #expect(root["b"]?.text == "x & <y>" && root.at("c")?.text == "" && root.at("c", "d") == nil)
  }

  @Test(arguments: [
    "", "{}", "<a>", "<a></b>", "<a/><a/>", "<a>\u{0}</a>", String(repeating: "<a>", count: 200) + String(repeating: "</a>", count: 200),
    "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a",
  ])
  func noDocuments(_ text: String) { #expect(XMLElement(Array(text.utf8)) == nil) }

  @Test func outsideIsNotLookedAt() {
    let text = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"
    #expect(XMLElement(Array(text.utf8)).map(\.text) ?? "" == "")
  }
}
