internal import ArgumentParser
internal import Config
internal import Unix

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what is in effect, every default written out, as JSON.",
    discussion: "The password and the secret of the app client are shown as (hidden).")

  @OptionGroup var common: CommonOptions

  func run() throws {
    try writeOutput(common.load().effective.value.text + "\n")
  }
}
