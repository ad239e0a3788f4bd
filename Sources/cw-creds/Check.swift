internal import ArgumentParser
internal import AWS
internal import Unix

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whose credentials these are, and whether they work.",
    discussion: """
      Signs in if that is needed, and asks AWS who that is. Ends with 0 if all is well, 69 if a service cannot be reached, 71 if \
      this machine's clock is more than five minutes off, 75 if AWS throttles, 77 if there are no credentials or they are refused, \
      78 if the configuration cannot work. With --quiet for cron: nothing is printed but what is wrong.
      """)

  @Flag(name: .shortAndLong, help: "Print nothing but the error.")
  var quiet = false

  @OptionGroup var options: CredsOptions

  func run() throws {
    let session = try options.session()
    if options.aws.dryRun { return try session.printCalls(besides: ["sts GetCallerIdentity"]) }
    let identity = try Identity(session)
    if !quiet {
      let lines = identity.lines + [("endpoint", try session.endpoint(of: STS.service).url)]
      try writeOutput(columns(lines.map { [$0.0, $0.1.printable] }))
    }
    try identity.reportClockError()
  }
}

extension Identity {
  /// Requests are signed by AWS's clock, so that they work all the same; but what is logged is stamped by this machine's.
  func reportClockError() throws {
    guard isClockWrong else { return }
    throw CommandError(
      .wrongClock, "this machine's clock is \(clock); set it (timedatectl set-ntp true), or events and metrics have wrong times")
  }
}
