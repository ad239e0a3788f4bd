internal import Unix

extension Spawn {
  /// A program in a process group of its own or of those before it, with nothing where no descriptor is given. HUP stays as it is:
  /// nohup(1) means all of us.
  static func ofSupervisor(_ arguments: [String], input: Int32?, output: Int32? = nil, group: pid_t = 0) -> Spawn {
    Spawn(
      arguments: arguments, environment: environmentEntries(without: ["NOTIFY_SOCKET"]),
      descriptors: [input, output].map { $0.map(Source.descriptor) ?? .nothing }, group: group,
      usualSignals: [SIGPIPE, SIGTERM, SIGINT, SIGQUIT, SIGCHLD, SIGTTOU])
  }
}
