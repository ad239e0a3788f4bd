/// How many descriptors a process may have (`RLIMIT_NOFILE`).
package enum DescriptorLimit {
  /// The limit of this process; nil: the system does not tell.
  package static func current() -> Int? { read().map { Int(clamping: $0.rlim_cur) } }

  /// Raises the limit as far as it goes: the low soft limit exists for programs that use select(2).
  package static func raise() {
    guard var limit = read() else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
  }

  private static func read() -> rlimit? {
    var limit = rlimit()
    return getrlimit(resource, &limit) == 0 ? limit : nil
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
