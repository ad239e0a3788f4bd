import Testing

@testable internal import Records
internal import Unix

@Suite struct ObjectScannerTests {
  @Test(
    arguments: [
      ("{}", []), (" { } ", []), (#"{"a":1}"#, ["a"]), (#"{"a":1,"b":[1,{"c":2}],"d":"x"}"#, ["a", "b", "d"]),
      (#"  {  "a" : "}" , "b\n" : {"b":{}} }"# + "\r\t", ["a", #"b\n"#]), (#"{"":null,"t":true,"f":false}"#, ["", "t", "f"]),
    ] as [(String, [String])])
  func walksTheKeys(json: String, keys: [String]) {
    let (found, isComplete) = Self.keys(json)
    #expect(found == keys)
    #expect(isComplete)
  }

  @Test(arguments: ["", " ", "[]", "1", "\"a\"", "}", "x{}"])
  func refusesWhatDoesNotBeginAnObject(json: String) {
    Array(json.utf8).withUnsafeBytes { #expect(ObjectScanner($0) == nil) }
  }

  @Test(arguments: [
    "{", "{}}", "{} x", #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":1,}"#, "{,}", #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{"a":1,,"b":2}"#,
    "{a:1}",
    #"{"a":1}{"b":2}"#, #"{"a":[1}"#, #"{"a":"x}"#, #"{"a":{"b":1}"#, #"{"a" 1}"#, #"{'a':1}"#, #"{1:1}"#, #"{"a":,}"#, #"{"a"::1}"#,
    #"{"a":"\x"}"#, #"{"\x":1}"#,
  ])
  func isNotCompleteWhenTheLineIsNoJSON(json: String) { #expect(!Self.keys(json).isComplete) }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("1795341600000", 1_795_341_600_000), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min), ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999", nil),
      ("1.0", 1), ("1e3", 1000), ("-1E2", -100), ("1.5", nil), ("1e-1", nil), ("1e400", nil), ("", nil), ("-", nil), ("+1", nil),
      ("01", nil),
      ("-01", nil), ("00", nil), (".5", nil), ("1.", nil), ("1e", nil), ("\"1\"", nil), ("null", nil), ("true", nil), ("0x10", nil),
      ("1795341600000.0", 1_795_341_600_000), ("1_000", nil), ("--1", nil), ("1-1", nil),
    ] as [(String, Int64?)])
  func readsWholeNumbers(json: String, value: Int64?) { #expect(Self.value(json) { $0.integer() } == value) }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("12.5", 12.5), ("-12.5", -12.5), ("1e3", 1000), ("1E+3", 1000), ("1.25e-2", 0.0125),
      ("5e-324", .leastNonzeroMagnitude),
      ("1.7976931348623157e+308", 1.7976931348623157e308), ("0.1", 0.1), ("10", 10), ("1e999", nil), ("-1e999", nil), ("+1", nil),
      ("01", nil),
      ("-01.5", nil), ("1.", nil), (".5", nil), ("-.5", nil), ("1e", nil), ("1e+", nil), ("-", nil), ("", nil), ("nan", nil), ("inf", nil),
      ("Infinity", nil), ("0x1p3", nil), ("1.2.3", nil), ("1-2", nil), ("\"1\"", nil), ("e5", nil), ("1e1.5", nil),
    ] as [(String, Double?)])
  func readsNumbers(json: String, value: Double?) { #expect(Self.value(json) { $0.number() } == value) }

  @Test(
    arguments: [
      ("[]", []), ("[ ]", []), ("[1]", [1]), ("[1, 2.5 ,-3e1]", [1, 2.5, -30]), ("[1,]", nil), ("[,1]", nil), ("[1 2]", nil), ("[1", nil),
      ("1", nil),
      ("[\"1\"]", nil), ("[[1]]", nil), ("[01]", nil),
    ] as [(String, [Double]?)])
  func readsListsOfNumbers(json: String, values: [Double]?) { #expect(Self.value(json) { $0.numbers() } == values) }

  @Test(
    arguments: [
      ("{}", "{}"), (#"{"a":{"b":"}"}}"#, #"{"a":{"b":"}"}}"#), ("[]", nil), ("1", nil), ("\"{}\"", nil), ("{", nil),
    ] as [(String, String?)])
  func readsObjectsAsTheirBytes(json: String, value: String?) { #expect(Self.value(json) { $0.object()?.text } == value) }

  @Test(arguments: [("\"\"", "", 0, false), (#""a\n""#, #"a\n"#, 2, true), ("\"\u{E4}\"", "\u{E4}", 2, false)])
  func readsStrings(json: String, inside: String, length: Int, hasEscapes: Bool) {
    #expect(Self.value(json) { $0.string()?.bytes.text } == inside)
    #expect(Self.value(json) { $0.string()?.scan.length } == length)
    #expect(Self.value(json) { $0.string()?.scan.hasEscapes } == hasEscapes)
  }

  @Test(arguments: ["1", "null", "{}", "x", "\"open", ""])
  func refusesWhatIsNoString(json: String) { #expect(Self.value(json) { $0.string()?.bytes.text } == nil) }

  @Test(
    arguments: [
      ("[]", []), ("[ ]", []), (#"[1,"a" , [2,3],null]"#, ["1", #""a""#, "[2,3]", "null"]), ("[1,]", nil), ("[1 2]", nil), ("[,1]", nil),
      ("[1", nil), ("{}", nil), ("1", nil), ("", nil),
    ] as [(String, [String]?)])
  func readsElements(json: String, values: [String]?) {
    let found: [String]? = Self.value(json) { scanner in
      var found: [String] = []
      let isWhole = scanner.elements { element in
        guard let value = element.value() else { return false }
        var again = ObjectScanner(value: value)
        #expect(again.nextByte == value.first)
        #expect(again.value()?.text == value.text)
        #expect(again.nextByte == nil)
        found.append(value.text)
        return true
      }
      return isWhole ? found : nil
    }
    #expect(found == values)
  }

  @Test(arguments: [
    "1", "-1.5e3", "null", "true", "false", "\"\"", #""a\"b""#, "[]", "{}", "[1,[2,[3]],{\"a\":\"]\"}]", "{\"a\":[{\"b\":null}]}",
    "[ 1 , 2 ]",
  ])
  func stepsOverAnyValue(json: String) {
    #expect(Self.value(json) { $0.skipValue() ? true : nil } == true)
  }

  @Test(arguments: ["", "]", "}", ",", ":", "[", "{", "[1", "{\"a\":", "\"open", "\"\\x\"", "?", "[?]"])
  func doesNotStepOverWhatIsNoValue(json: String) {
    Array(#"{"a":\#(json)"#.utf8).withUnsafeBytes { line in
      var object = ObjectScanner(line)
      _ = object?.nextKey()
      #expect(object?.skipValue() == false)
    }
  }

  @Test func manyBracketsCostNoStack() {
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    #expect(Self.keys(#"{"a":\#(deep)}"#).isComplete)
    #expect(!Self.keys(#"{"a":\#(deep.dropLast())}"#).isComplete)
  }

  // MARK: -

  /// The keys, each value stepped over.
  private static func keys(_ json: String) -> (found: [String], isComplete: Bool) {
    Array(json.utf8).withUnsafeBytes { line in
      guard var object = ObjectScanner(line) else { return ([], false) }
      var found: [String] = []
      while let key = object.nextKey() {
        found.append(key.text)
        guard object.skipValue() else { return (found, false) }
      }
      return (found, object.isComplete)
    }
  }

  /// Reads a value that stands in an object; nil also if the object is not whole behind it.
  private static func value<Value>(_ json: String, _ read: (inout ObjectScanner) -> Value?) -> Value? {
    Array(#"{"a": \#(json) }"#.utf8).withUnsafeBytes { line in
      guard var object = ObjectScanner(line), object.nextKey() != nil, let value = read(&object), object.nextKey() == nil, object.isComplete
      else { return nil }
      return value
    }
  }
}
