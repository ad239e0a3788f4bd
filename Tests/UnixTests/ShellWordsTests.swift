import Testing

@testable import Unix

struct ShellWordsTests {
  /// By Python's shlex.split.
  @Test(arguments: [
    ("", []), (" \t\r\n", []), ("a b\tc\nd", ["a", "b", "c", "d"]), (#"a'b c'd"e f""#, ["ab cde f"]), (#"'' "" x"#, ["", "", "x"]),
    (#"a\ b \'c\" \\"#, ["a b", #"'c""#, #"\"#]), (#""a\"b\\c\d\$ \'""#, [#"a"b\c\d\$ \'"#]), (#"'a\b\'"#, [#"a\b\"#]),
    ("a\\\nb", ["a\nb"]), ("~ $HOME `x` *;|&<>#y", ["~", "$HOME", "`x`", "*;|&<>#y"]), ("ä\u{301}'ö'", ["ä\u{301}ö"]),
    ("a\u{A0}b", ["a\u{A0}b"]), (#"'"'"'""#, [#""'"#]),
  ])
  func splits(_ text: String, _ words: [String]) {
    #expect(ShellWords.split(text) == words)
  }

  @Test(arguments: ["'", "a \"b", #"a\"#, #""\""#, #"'\'x'"#])
  func refusesWhatIsNotClosed(_ text: String) {
    #expect(ShellWords.split(text) == nil)
  }
}
