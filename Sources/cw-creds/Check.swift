internal import ArgumentParser
internal import Unix

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Say whose credentials these are, and whether they work.")

  @Flag(help: "Print nothing but the error.")
  var quiet = false

  @OptionGroup var options: CredsOptions

  func run() throws {
    _ = try options.source(options.configuration())().checked(now: Clock.realtimeMilliseconds())
  }
}
