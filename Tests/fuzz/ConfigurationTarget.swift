internal import TestSupport
internal import Unix

@testable internal import Config

/// A configuration file: read with a list of its problems, or refused with the place of the mistake; never more lenient than JSON is.
func fuzzConfiguration(_ input: Bytes) {
  let file: ConfigurationFile
  do {
    file = try ConfigurationFile(path: "file", text: Array(input))
  } catch let error as ConfigurationError {
    return hold(error.message.hasPrefix("file:"), "the place of a mistake is told: \(error.message)")
  } catch {
    stop("a file is read or refused: \(error)")
  }
  let json = input.starts(with: [0xEF, 0xBB, 0xBF]) ? input.part(3..<input.count) : input
  // The toolchain's decoder does not know 0e1, which is JSON.
  let text = json.text.lowercased()
  hold(text.contains("0e") || (try? JSONValue(json)) != nil, "only JSON is accepted")
  for diagnostic in file.diagnostics { hold(diagnostic.line >= 1 && !diagnostic.text.isEmpty, "a problem has a line and words") }
  guard file.errors.isEmpty else { return }

  let shown = file.configuration.effective.value.text
  guard let again = try? ConfigurationFile(path: "shown", text: Array(shown.utf8)) else { stop("what is shown is JSON: \(shown)") }
  hold(again.errors.isEmpty, "what is shown can be read: \(again.errors)")
  hold(again.configuration.effective == file.configuration.effective, "what is shown means the same: \(shown)")
  let names = MachineNames(hostName: "host") { "id" }
  _ = try? names.expand(file.configuration.logs.logGroupName)
}
