/// The home directory of the user: `HOME`, else the entry in passwd(5), since a service may have no `HOME`; nil: neither is there.
package func homeDirectory(_ environment: Environment) -> String? {
  environment("HOME") ?? getpwuid(getuid())?.pointee.pw_dir.map { String(cString: $0) }
}
