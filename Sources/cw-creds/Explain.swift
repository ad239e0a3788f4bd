internal import ArgumentParser
internal import Unix

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Say where credentials are looked for, and what is found there.")

  @OptionGroup var options: CredsOptions

  func run() throws {
    _ = try options.source(options.configuration())().checked(now: Clock.realtimeMilliseconds())
  }
}
