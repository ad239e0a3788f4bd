import Testing

@testable import Unix

struct PrintableTests {
  @Test(arguments: [
    ("plain \\ \"text\"", "plain \\ \"text\""), ("größe 日本 😀 a\u{301}", "größe 日本 😀 a\u{301}"),
    ("a\nb\u{1B}[31m\u{7F}\u{85}", #"a\nb\u{1B}[31m\u{7F}\u{0085}"#),
    // The writing direction, in both ways of changing it; tags; what has no width; other ends of a line.
    ("a\u{202E}b\u{2066}c\u{200F}", #"a\u{202E}b\u{2066}c\u{200F}"#), ("a\u{E0041}\u{E007F}", #"a\u{000E0041}\u{000E007F}"#),
    ("a\u{200B}\u{FEFF}\u{AD}", #"a\u{200B}\u{FEFF}\u{00AD}"#), ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#), ("\u{E000}", "\u{E000}"),
  ])
  func showsTextAsItIs(_ text: String, _ printable: String) { #expect(text.printable.lowercased() == printable.lowercased()) }
}
