/// The working directory of this process; empty if it is gone.
package func currentDirectory() -> String {
  guard let path = getcwd(nil, 0) else { return "" }
  defer { free(path) }
  return String(cString: path)
}
