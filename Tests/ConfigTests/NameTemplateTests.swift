import Testing

@testable import Config

struct NameTemplateTests {
  @Test(arguments: [
    ("/system/{instance_id}", "/system/i-1"), ("{instance_id}{hostname}{local_hostname}", "i-1pipi"), ("/fixed", "/fixed"),
    ("{{instance_id}", "{i-1"), ("{instance_id", "{instance_id"), ("{}", "{}"), ("{ hostname}", "{ hostname}"), ("}{", "}{"), ("", ""),
    ("{date}", "{date}"),
  ])
  func putsIn(_ template: String, _ name: String) throws {
    #expect(try MachineNames(hostName: "pi") { "i-1" }.expand(template) == name)
  }

  @Test func looksForTheInstanceIdOnceAndOnlyIfItIsNeeded() throws {
    var count = 0
    let names = MachineNames(hostName: "pi") {
      count += 1
      return "i-\(count)"
    }
    #expect(try names.expand("{hostname}") == "pi")
    #expect(count == 0)
    #expect(try names.expand("{instance_id}") == "i-1")
    #expect(try names.expand("{instance_id}") == "i-1")
  }

  @Test func aMachineWithoutANameSaysSo() throws {
    let names = MachineNames(hostName: "") { throw ConfigurationError("no id") }
    #expect(configurationError { _ = try names.expand("{hostname}") }?.message == "{hostname}: this machine has no host name")
    #expect(configurationError { _ = try names.expand("{instance_id}") }?.message == "no id")
    #expect(try names.expand("fixed") == "fixed")
  }

  @Test(arguments: [
    ("a{instance_id}b", nil), ("{x y}", nil), ("{date}", "{date} would be"), ("{ip_address}", "{ip_address} changes"),
    ("{aws_region}", "{aws_region} is not known here"), ("{account_id}", "{account_id} is not known here"),
    ("{hostname}{host}{date}", "{host} is no placeholder; there are {instance_id}, {hostname}, {local_hostname}"),
  ])
  func complains(_ template: String, _ beginning: String?) {
    let validationError = NameTemplate.validationError(template)
    #expect(validationError == nil ? beginning == nil : beginning.map { validationError?.hasPrefix($0) == true } == true)
  }
}
