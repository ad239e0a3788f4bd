package import ArgumentParser

/// What every program takes.
package struct CommonOptions: ParsableArguments {
  @Option(name: [.short, .long], help: ArgumentHelp("Configuration file (JSON).", valueName: "file"), completion: .file())
  package var config: String?

  @Flag(name: [.short, .long], help: "Say on stderr what is being done.")
  package var verbose = false

  /// For the parser, which fills it.
  package init() {}
}
