import Config
import Testing

@testable import DeployUsersCommand

@Suite struct PasswordFormatTests {
  @Test(arguments: [
    (PasswordFormat.text, "Added user: rpi-1 // aB3!xyz"), (.json, #"{"id":"rpi-1","password":"aB3!xyz"}"#), (.csv, "rpi-1,aB3!xyz"),
  ])
  func lines(_ format: PasswordFormat, _ line: String) {
    #expect(format.line("rpi-1", Secret("aB3!xyz")) == line)
    let parsed = format.parse(line)
    #expect(parsed?.id == "rpi-1")
    #expect(parsed?.password.text == "aB3!xyz")
  }

  @Test(arguments: [
    (PasswordFormat.text, "rpi-1 // aB3!xyz"), (.text, "Added user: rpi-1 // "), (.text, "Added user: rpi-1 // a b"),
    (.text, "Added user: r i // abcdef"), (.text, "Added user: rpi-1 // abcde"), (.text, "Added user: rpi-1 /"), (.text, "rpi-1,abcdef"),
    (.json, #"{"id":"rpi-1","password":"aB3!xyz""#), (.json, #"{"id":"rpi-1"}"#), (.json, "[]"),
    (.json, #"{"id":"r/1","password":"abcdef"}"#),
    (.csv, "rpi-1"), (.csv, "rpi-1,abcdef,"), (.csv, ",abcdef"), (.csv, "id,"), (.csv, ""),
  ])
  func noLines(_ format: PasswordFormat, _ line: String) { #expect(format.parse(line) == nil) }
}
