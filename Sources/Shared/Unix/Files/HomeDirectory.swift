/// The home of the user who runs this: `HOME`, else what the system knows of the user; a service may have been given none.
package func homeDirectory(_ environment: Environment) -> String? {
  environment("HOME") ?? getpwuid(getuid())?.pointee.pw_dir.map { String(cString: $0) }
}
