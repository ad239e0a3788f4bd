import Testing

@testable import SuperviseCommand

struct GuardTests {
  @Test func takesNoNumberThatMeansOthers() {
    #expect(Guard.groups("120 1 0 -5 x 99999999999 121") == [120, 121])
    #expect(Guard.groups("") == [])
  }
}
