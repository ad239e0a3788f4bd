import Testing

@testable import Config

struct ConfigurationEffectiveTests {
  @Test(arguments: [
    "{}", everyKeyOfTheOriginal, everyKeyOfTheAgent,
    #"{"agent":{"region":"a","authentication":{"iotUrl":"h","roleAlias":"r","thingName":"t","certificate":["c","k"]}},"logs":{"retention_in_days":1}}"#,
  ])
  func meansWhatWasRead(_ text: String) throws {
    var configuration = try file(text).configuration
    let shown = try file(configuration.effective.value.text)
    #expect(shown.problems == [])
    if case .cognito(let account, let pool, let identities, let client, _) = configuration.agent.authentication {
      configuration.agent.authentication = .cognito(
        accountId: account, userPoolId: pool, identityPoolId: identities, appClientId: client, password: "(hidden)")
    }
    #expect(shown.configuration == configuration)
  }

  @Test func hidesThePassword() throws {
    let shown = try file(everyKeyOfTheOriginal).configuration.effective.value.text
    #expect(!shown.contains("correct horse"))
    #expect(shown.contains(#""password": "(hidden)""#))
  }
}
