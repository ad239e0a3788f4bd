package import ArgumentParser
internal import Tool
internal import Unix

package struct DeployUsers: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "cw-deploy-users",
    abstract: "Make AWS ready for machines.", version: toolkitVersion)
  package init() {}
  package func run() throws { try PackageResources.cognito_stack_yaml.withUnsafeBytes { try Descriptor.writeAll(1, $0) } }
}
