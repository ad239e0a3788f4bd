@testable import AWS
import Testing
import TestSupport
import Unix

@Suite struct ProvisioningServicesTests {
  private func body(_ call: AWSRequest) -> String { String(decoding: call.body.array, as: UTF8.self) }
  private func response(_ text: String) -> AWSResponse { AWSResponse(requestId: "1", body: Array(text.utf8)) }

  // MARK: - CloudFormation

  @Test func aStackIsAFormOfMembers() {
    let (template, parameters) = ("A: b & c\n", [(key: "Namespaces", value: "System/*,N"), (key: "WidePolicy", value: "true")])
    let members =
      "&Version=2010-05-15&StackName=s&TemplateBody=A%3A%20b%20%26%20c%0A&Capabilities.member.1=CAPABILITY_IAM"
      + "&Parameters.member.1.ParameterKey=Namespaces&Parameters.member.1.ParameterValue=System%2F%2A%2CN"
      + "&Parameters.member.2.ParameterKey=WidePolicy&Parameters.member.2.ParameterValue=true"
    #expect(body(CloudFormation.createStack("s", template: template, parameters: parameters)) == "Action=CreateStack" + members)
    #expect(body(CloudFormation.updateStack("s", template: template, parameters: parameters)) == "Action=UpdateStack" + members)
    for (call, action) in [
      (CloudFormation.describeStacks("s"), "DescribeStacks"), (CloudFormation.describeStackEvents("s"), "DescribeStackEvents"),
      (CloudFormation.getTemplate("s"), "GetTemplate"),
    ] { #expect(body(call) == "Action=\(action)&Version=2010-05-15&StackName=s") }
  }

  @Test func stacks() {
    let xml = """
      <DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
      <StackName>s</StackName><StackStatus>ROLLBACK_COMPLETE</StackStatus><StackStatusReason>because</StackStatusReason>
      <Description>a &amp; b</Description>
      <Parameters><member><ParameterKey>P</ParameterKey><ParameterValue>1</ParameterValue></member>
      <member><ParameterKey>Q</ParameterKey></member></Parameters>
      <Outputs><member><OutputKey>O</OutputKey><OutputValue>2</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult>
      </DescribeStacksResponse>
      """
    #expect(
      CloudFormation.stack(response(xml))
        == CloudFormation.Stack(
          status: "ROLLBACK_COMPLETE", statusReason: "because", description: "a & b", parameters: ["P": "1", "Q": ""], outputs: ["O": "2"]))
    #expect(CloudFormation.stack(response("<DescribeStacksResponse/>")) == nil)
  }

  @Test func eventsAndTemplates() {
    let xml = """
      <DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents><member><EventId>2</EventId>
      <LogicalResourceId>Pool</LogicalResourceId><ResourceStatus>CREATE_FAILED</ResourceStatus>
      <ResourceStatusReason>no</ResourceStatusReason></member><member><EventId>1</EventId><LogicalResourceId>s</LogicalResourceId>
      <ResourceStatus>CREATE_IN_PROGRESS</ResourceStatus></member><member/></StackEvents></DescribeStackEventsResult>
      </DescribeStackEventsResponse>
      """
    #expect(
      CloudFormation.events(response(xml)) == [
        CloudFormation.StackEvent(id: "2", resource: "Pool", status: "CREATE_FAILED", reason: "no"),
        CloudFormation.StackEvent(id: "1", resource: "s", status: "CREATE_IN_PROGRESS"),
      ])
    #expect(CloudFormation.events(response("")).isEmpty)
    let template =
      "<GetTemplateResponse><GetTemplateResult><TemplateBody>A: &lt;b&gt;</TemplateBody></GetTemplateResult></GetTemplateResponse>"
    #expect(CloudFormation.template(response(template)) == "A: <b>")
  }

  // MARK: - administration of users

  @Test func callsOfTheAdministrator() throws {
    let calls: [(AWSRequest, String, String)] = [
      (CognitoIdentityProvider.listUsers("p"), "ListUsers", #"{"AttributesToGet":[],"UserPoolId":"p"}"#),
      (CognitoIdentityProvider.listUsers("p", after: "t"), "ListUsers", #"{"AttributesToGet":[],"PaginationToken":"t","UserPoolId":"p"}"#),
      (
        CognitoIdentityProvider.adminCreateUser("u", pool: "p", temporaryPassword: "x"), "AdminCreateUser",
        #"{"MessageAction":"SUPPRESS","TemporaryPassword":"x","UserPoolId":"p","Username":"u"}"#
      ),
      (
        CognitoIdentityProvider.adminSetUserPassword("u", pool: "p", password: "x", isPermanent: true), "AdminSetUserPassword",
        #"{"Password":"x","Permanent":true,"UserPoolId":"p","Username":"u"}"#
      ),
      (CognitoIdentityProvider.adminGetUser("u", pool: "p"), "AdminGetUser", #"{"UserPoolId":"p","Username":"u"}"#),
      (CognitoIdentityProvider.adminDisableUser("u", pool: "p"), "AdminDisableUser", #"{"UserPoolId":"p","Username":"u"}"#),
      (CognitoIdentityProvider.adminUserGlobalSignOut("u", pool: "p"), "AdminUserGlobalSignOut", #"{"UserPoolId":"p","Username":"u"}"#),
      (
        CognitoIdentityProvider.adminListUserAuthEvents("u", pool: "p"), "AdminListUserAuthEvents",
        #"{"MaxResults":10,"UserPoolId":"p","Username":"u"}"#
      ),
      (CognitoIdentityProvider.describeUserPool("p"), "DescribeUserPool", #"{"UserPoolId":"p"}"#),
    ]
    for (call, operation, expected) in calls {
      #expect(call.operation == operation)
      #expect(try JSONValue(call.body.array) == JSONValue(expected.utf8))
      guard case .signature = call.authentication else {
        Issue.record("\(operation) is not signed")
        continue
      }
    }
  }

  @Test func usersCameInPages() {
    let page = CognitoIdentityProvider.users(
      response(
        #"{"Users":[{"Username":"a","Attributes":[],"UserCreateDate":1.7E9,"Enabled":false,"UserStatus":"CONFIRMED"}],"PaginationToken":"t"}"#
      ))
    #expect(page?.users == [CognitoIdentityProvider.User(username: "a", userStatus: "CONFIRMED", enabled: false, userCreateDate: 1.7e9)])
    #expect(page?.next == "t")
    #expect(CognitoIdentityProvider.users(response(#"{"Users":[]}"#))?.next == nil)
    #expect(CognitoIdentityProvider.users(response("{}")) == nil)
    #expect(
      CognitoIdentityProvider.user(response(#"{"Username":"a","UserStatus":"FORCE_CHANGE_PASSWORD","UserAttributes":[]}"#))?.userStatus
        == "FORCE_CHANGE_PASSWORD")
  }

  @Test(arguments: [
    (#"{"UserPool":{}}"#, 8, false), (#"{"UserPool":{"Policies":{"PasswordPolicy":{"MinimumLength":20}}}}"#, 20, false),
    (#"{"UserPool":{"UserPoolAddOns":{"AdvancedSecurityMode":"AUDIT"}}}"#, 8, true),
    (#"{"UserPool":{"UserPoolAddOns":{"AdvancedSecurityMode":"OFF"}}}"#, 8, false),
  ])
  func pools(_ text: String, _ length: Int, _ keepsSignIns: Bool) {
    #expect(
      CognitoIdentityProvider.userPool(response(text))
        == CognitoIdentityProvider.UserPoolType(minimumPasswordLength: length, keepsSignIns: keepsSignIns))
  }

  @Test func theLastSignInIsTheNewestThatPassed() {
    let events = #"""
      {"AuthEvents":[{"EventType":"SignIn","EventResponse":"Fail","CreationDate":9},{"EventType":"SignIn","EventResponse":"Pass","CreationDate":7},
       {"EventType":"ForgotPassword","EventResponse":"Pass","CreationDate":8},{"EventType":"SignIn","EventResponse":"Pass","CreationDate":5}]}
      """#
    #expect(CognitoIdentityProvider.lastSignIn(response(events)) == 7)
    #expect(CognitoIdentityProvider.lastSignIn(response(#"{"AuthEvents":[]}"#)) == nil)
  }
}
