import Testing
import TestSupport
import Unix
@testable import AWS

@Suite struct IoTTests {
  // Verbs, paths and places of members by the service's model, API version 2015-05-28.
  @Test func calls() throws {
    let calls: [(AWSRequest, String, String, String, String?)] = [
      (IoT.describeCredentialsEndpoint(), "DescribeEndpoint", "GET /endpoint?endpointType=iot:CredentialProvider", "", nil),
      (IoT.createThing("rpi-1"), "CreateThing", "POST /things/rpi-1", "", "{}"),
      (
        IoT.createCertificateFromCsr("-----BEGIN\n"), "CreateCertificateFromCsr", "POST /certificates?setAsActive=true", "",
        #"{"certificateSigningRequest":"-----BEGIN\n"}"#
      ),
      (IoT.attachPolicy("a,b", certificate: "arn:x/1"), "AttachPolicy", "PUT /target-policies/a%2Cb", "", #"{"target":"arn:x/1"}"#),
      (
        IoT.attachThingPrincipal("rpi-1", certificate: "arn:x/1"), "AttachThingPrincipal", "PUT /things/rpi-1/principals",
        "x-amzn-principal: arn:x/1", nil
      ),
      (IoT.deactivate(certificate: "0a"), "UpdateCertificate", "PUT /certificates/0a?newStatus=INACTIVE", "", nil),
      (IoT.listThingPrincipals("rpi-1"), "ListThingPrincipals", "GET /things/rpi-1/principals", "", nil),
      (IoT.listThingPrincipals("r", after: "t="), "ListThingPrincipals", "GET /things/r/principals?nextToken=t=", "", nil),
    ]
    for (request, operation, line, header, body) in calls { try check(request, operation, line, header, body) }
  }

  private func check(_ request: AWSRequest, _ operation: String, _ line: String, _ header: String, _ body: String?) throws {
    let query = request.query.map { "?\($0.name)=\($0.value)" }.joined()
    #expect("\(request.method) \(request.path)\(query)" == line)
    #expect(request.operation == operation)
    #expect(request.service.signingName == "iot")
    guard case .signature = request.authentication else {
      Issue.record("\(operation) is not signed")
      return
    }
    let type = body == nil ? "" : "Content-Type: application/json"
    #expect(request.headers.map { "\($0.name): \($0.value)" } == [header, type].filter { !$0.isEmpty })
    if let body { #expect(try JSONValue(request.body.array) == JSONValue(body.utf8)) } else { #expect(request.body.array.isEmpty) }
  }

  @Test(arguments: [("", true), ("{}", true), (#"{"thingName":"x"}"#, true), ("<html>", false)])
  func doneIsNothingOrAnObject(_ body: String, _ isDone: Bool) {
    #expect(IoT.isDone(AWSResponse(requestId: "", body: Array(body.utf8))) == isDone)
  }

  @Test func answers() {
    func response(_ text: String) -> AWSResponse { AWSResponse(requestId: "", body: Array(text.utf8)) }
    #expect(IoT.endpointAddress(response(#"{"endpointAddress":"c.credentials.iot.eu-west-1.amazonaws.com"}"#)) != nil)
    #expect(IoT.endpointAddress(response("<html>")) == nil)
    #expect(IoT.certificate(response(#"{"certificateArn":"a","certificateId":"i","certificatePem":"p"}"#))?.pem == "p")
    #expect(IoT.certificate(response("{}")) == nil)
    #expect(IoT.principals(response(#"{"principals":["a"],"nextToken":null}"#))?.principals == ["a"])
    #expect(IoT.principals(response("{}")) == nil)
  }
}
