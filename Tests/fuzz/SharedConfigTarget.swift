internal import Unix

@testable internal import AWS

/// The `config` and `credentials` files of AWS's tools.
func fuzzSharedConfig(_ input: Bytes) {
  let file = Array(input)
  var config = SharedConfig()
  do {
    try config.readConfig(file, name: "file")
    try config.readCredentials(file, name: "file")
  } catch let error as CommandError {
    hold(error.message.hasPrefix("file line "), "the line of a mistake is told")
  } catch {
    stop("a file is read or malformed: \(error)")
  }
}
