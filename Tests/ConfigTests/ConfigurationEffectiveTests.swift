import Testing

@testable import Config

struct ConfigurationEffectiveTests {
  @Test(arguments: [
    "{}", everyKeyOfTheOriginal, everyKeyOfTheAgent,
    #"{"agent":{"region":"a","authentication":{"iotUrl":"h","roleAlias":"r","thingName":"t","certificate":["c","k"]}},"logs":{"retention_in_days":1}}"#,
    everyKeyOfRolesAnywhere, withPassword(#""passwordFile": "pw", "appClientSecret": "s""#),
    withPassword(#""passwordCommand": "pass show x", "authFlow": "USER_PASSWORD_AUTH""#),
  ])
  func meansWhatWasRead(_ text: String) throws {
    var configuration = try file(text).configuration
    let shown = try file(configuration.effective.value.text)
    #expect(shown.diagnostics == [])
    if case .cognito(var cognito) = configuration.agent.authentication {
      if case .text = cognito.password { cognito.password = .text(Secret("(hidden)")) }
      if cognito.appClientSecret != nil { cognito.appClientSecret = Secret("(hidden)") }
      configuration.agent.authentication = .cognito(cognito)
    }
    #expect(shown.configuration == configuration)
  }

  @Test func hidesThePasswordAndTheSecretOfTheClient() throws {
    let shown = try file(withPassword(#""password": "canary-1", "appClientSecret": "canary-2""#)).configuration.effective.value.text
    #expect(!shown.contains("canary"))
    #expect(shown.contains(#""password": "(hidden)""#) && shown.contains(#""appClientSecret": "(hidden)""#))
  }
}
