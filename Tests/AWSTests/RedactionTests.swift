import Testing
import Unix
@testable import AWS

@Suite struct RedactionTests {
  private func request(
    _ body: String, _ wireProtocol: Service.WireProtocol = .json(version: "1.1", target: ""), bodies: Service.Bodies = .secrets
  ) -> AWSRequest {
    let service = Service(hostPrefix: "x", signingName: "x", wireProtocol: wireProtocol, endpointIdentifier: "", bodies: bodies)
    let buffer = ByteBuffer()
    buffer.append(body)
    return AWSRequest(service: service, operation: "X", body: buffer)
  }

  private func clean(_ text: String, _ request: AWSRequest, token: String? = nil) -> String {
    let credentials = AWSCredentials(accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI", sessionToken: token)
    return Redaction(request, credentials: credentials).clean(text)
  }

  @Test(arguments: [
    // The whole of it, a part of it, and one that is short.
    (#"{"Username":"pi","Password":"correct horse"}"#, "'correct horse' is bad", "'…' is bad"),
    (#"{"Username":"pi","Password":"correct horse"}"#, "you said correct hor", "you said …"),
    (#"{"Password":"s3crt"}"#, "s3crt s3crts", "… …s"),
    (#"{"Password":"a\"b\\c\/d"}"#, #"not a"b\c/d"#, "not …"),
    (#"{"AuthParameters":{"USERNAME":"rpi-1","REFRESH_TOKEN":"eyJjdHkiOiJKV1Qi"}}"#, "rpi-1: eyJjdHkiOiJKV1Qi", "rpi-1: …"),
    // Names stay, and so does what nobody sent.
    (
      #"{"AuthFlow":"USER_SRP_AUTH","ClientId":"3n4b5"}"#, "USER_SRP_AUTH is not enabled for 3n4b5",
      "USER_SRP_AUTH is not enabled for 3n4b5"
    ),
    (#"{"Password":"abc"}"#, "abc", "abc"),
    ("", "", ""), ("{\"Password\":\"correct ho", "correct ho", "…"),
  ])
  func ofAnObject(_ body: String, _ text: String, _ expected: String) { #expect(clean(text, request(body)) == expected) }

  @Test func ofAForm() {
    let form = request("Action=X&RoleArn=arn%3Aaws&WebIdentityToken=ey%2BJh%2Fbc%3Dxyz", .query(version: "1"))
    #expect(clean("X arn:aws: ey+Jh/bc=xyz, ey%2BJh%2Fbc%3Dxyz", form) == "X arn:aws: …, …")
  }

  @Test func ofHeadersAndCredentials() {
    var request = request("{}")
    request.headers = [(name: "Authorization", value: "Bearer abcdefghijkl"), (name: "Accept", value: "application/json")]
    #expect(clean("no Bearer abcdefghijkl, no application/json", request) == "no …, no application/json")
    #expect(clean("token FwoGZXIvYXdzEBYa, secret wJalrXUtnFEMI", request, token: "FwoGZXIvYXdzEBYa") == "token …, secret …")
  }

  /// Of log lines, which have words that every message has.
  @Test func ofData() {
    let line = "2026-11-30 login of alice failed: password hunter2 is wrong"
    let data = request(#"{"logGroupName":"/home/pi","logEvents":[{"timestamp":1,"message":"\#(line)"}]}"#, bodies: .data)
    #expect(clean("password of /home/pi exceeded", data) == "password of /home/pi exceeded")
    #expect(clean("a password is wrong, hunter2 is", data) == "a password is wrong, hunter2 is")
    #expect(clean("Value '\(line)' is bad", data) == "Value '…' is bad")
  }

  @Test func ofTemplates() {
    #expect(clean("resource DeviceRole", request("TemplateBody=DeviceRole", .query(version: "1"), bodies: .names)) == "resource DeviceRole")
  }

  /// Whatever an error shows of an answer has gone through it.
  @Test(arguments: [
    (400, #"{"__type":"X#hunter2hunter2","message":"a hunter2hunter2"}"#), (502, "<html>hunter2hunter2"), (200, "hunter2hunter2"),
  ])
  func anErrorDoesNotSayWhatWasSent(_ status: Int, _ body: String) {
    let response = HTTPResponse(status: status, body: Array(body.utf8))
    let error = AWSError(response, to: request(#"{"Password":"hunter2hunter2"}"#), host: "here", credentials: nil)
    #expect(!"\(error)".contains("hunter2") && !error.message.contains("hunter2"))
    #expect(error.message.contains("…"))
  }
}
