/// The environment, as a function so that pure code can be given another one.
package typealias Environment = (String) -> String?

/// The value of an environment variable of this process; an empty one counts as absent, as AWS's tools have it.
package func processEnvironment(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  let text = FileName.text(value)
  return text.isEmpty ? nil : text
}

/// What a child must not find in its environment unless it is there to use it: AWS's own names for secrets.
package let secretVariables: Set<String> = [
  "AWS_ACCESS_KEY_ID", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN",
  "AWS_SESSION_TOKEN",
]

/// This process's environment, `NAME=value` each, as `posix_spawn(3)` wants it.
package func environmentEntries(without names: Set<String> = []) -> [String] {
  #if canImport(Darwin)
    let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = _NSGetEnviron().pointee
  #else
    let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
  #endif
  guard var next = first else { return [] }
  var entries: [String] = []
  while let entry = next.pointee {
    let text = FileName.text(entry)
    if let name = text.split(separator: "=", maxSplits: 1).first, !names.contains(String(name)) { entries.append(text) }
    next += 1
  }
  return entries
}
