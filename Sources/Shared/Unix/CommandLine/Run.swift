package import ArgumentParser

/// Runs a program from its command line to its exit status: the whole of every `main.swift`.
package func run(_ command: any ParsableCommand.Type) -> Never {
  // A file opened while 0, 1 or 2 is free would take its place, and data would be written into it.
  for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
    let name = ["standard input", "standard output", "standard error"][Int(descriptor)]
    Messages.error("\(name) is closed; redirect it from or to /dev/null if it is not wanted")
    exit(ExitStatus.inputOutput.rawValue)
  }
  CoreFile.forbid()
  do {
    var parsed = try command.parseAsRoot(arguments)
    try parsed.run()
    exit(ExitStatus.done.rawValue)
  } catch let error as any Failure {
    Messages.error(error.message)
    exit(error.status.rawValue)
  } catch let code as ExitCode {
    exit(code.rawValue)
  } catch {
    let code = command.exitCode(for: error)
    if code == .success {
      // --help and --version
      let text = Array((command.fullMessage(for: error) + "\n").utf8)
      text.withUnsafeBytes { try? Descriptor.writeAll(STDOUT_FILENO, $0) }
      exit(ExitStatus.done.rawValue)
    }
    let sentence = command.message(for: error).split(separator: "\n").first.map(String.init) ?? "wrong usage"
    Messages.error("\(decapitalized(sentence)); see \(Messages.programName) --help")
    exit(ExitStatus.usage.rawValue)
  }
}

/// As the system gives them: Swift would put U+FFFD into a name that is not UTF-8.
private var arguments: [String] {
  let (count, values) = (Int(CommandLine.argc), CommandLine.unsafeArgv)
  return (0..<count).compactMap { values[$0].map { FileName.text($0) } }.dropFirst().map { $0 }
}

/// Ends the multi-call binary when it is called by a name that is no program's.
package func refuseName() -> Never {
  Messages.error("\(Messages.programName) is not one of the programs in here; `make install` makes links with their names")
  exit(ExitStatus.usage.rawValue)
}

private func decapitalized(_ sentence: String) -> String {
  var sentence = sentence
  if sentence.hasSuffix(".") { sentence.removeLast() }
  return sentence.prefix(1).lowercased() + sentence.dropFirst()
}
