/// The environment, as a function so that pure code can be given another one.
package typealias Environment = (String) -> String?

/// The value of an environment variable of this process; an empty one counts as absent, as AWS's tools have it.
package func processEnvironment(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  let text = String(cString: value)
  return text.isEmpty ? nil : text
}
