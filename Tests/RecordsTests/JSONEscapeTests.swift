import Testing

@testable internal import Records

@Suite struct JSONEscapeTests {
  @Test(
    arguments: [
      (#"\""#, 2, 0x22, 1), (#"\\"#, 2, 0x5C, 1), (#"\/"#, 2, 0x2F, 1), (#"\b"#, 2, 0x08, 1), (#"\f"#, 2, 0x0C, 1), (#"\n"#, 2, 0x0A, 1),
      (#"\r"#, 2, 0x0D, 1), (#"\t"#, 2, 0x09, 1), (#"\u0000"#, 6, 0, 1), (#"\u007f"#, 6, 0x7F, 1), (#"\u0080"#, 6, 0x80, 2),
      (#"\u07FF"#, 6, 0x7FF, 2), (#"\u0800"#, 6, 0x800, 3), (#"\uaBcD"#, 6, 0xABCD, 3), (#"\uD7FF"#, 6, 0xD7FF, 3),
      (#"\uE000"#, 6, 0xE000, 3),
      (#"\uFFFF"#, 6, 0xFFFF, 3), (#"\uD800\uDC00"#, 12, 0x10000, 4), (#"\udbff\udfff"#, 12, 0x10FFFF, 4), (#"\nn"#, 2, 0x0A, 1),
      (#"\u00411"#, 6, 0x41, 1), (#"\ud83d\ude00\ude00"#, 12, 0x1F600, 4),
    ] as [(String, Int, UInt32, Int)])
  func reads(json: String, length: Int, scalar: UInt32, textLength: Int) throws {
    let escape = try #require(Self.escape(json))
    #expect(escape.length == length)
    #expect(escape.scalar == scalar)
    #expect(escape.textLength == textLength)
  }

  @Test(arguments: [
    #"\"#, #"\x"#, #"\N"#, #"\0"#, #"\'"#, #"\u"#, #"\u123"#, #"\u123g"#, #"\u123G"#, #"\u/000"#, #"\u:000"#, #"\u@000"#, #"\u`000"#,
    #"\U0041"#, #"\uD800"#, #"\uDBFF"#, #"\uDC00"#, #"\uDFFF"#, #"\uD800\uD800"#, #"\uD800\uE000"#, #"\uD800\u12"#, #"\uD800u0041xx"#,
    #"\uD800 \uDC00"#, #"\uD800\nDC00"#, #"\uDC00\uD800"#,
  ])
  func refuses(json: String) { #expect(Self.escape(json) == nil) }

  private static func escape(_ json: String) -> JSONEscape? {
    Array(json.utf8).withUnsafeBytes { bytes in
      bytes.baseAddress.flatMap { JSONEscape(at: $0, $0 + bytes.count) }
    }
  }
}
