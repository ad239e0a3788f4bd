/// Core files hold what the memory held, secrets too.
enum CoreFile {
  // Written once, by the only thread there is.
  private nonisolated(unsafe) static var original: rlimit?

  /// From now on no core file is made of this process.
  static func forbid() {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    original = original ?? limit
    // With 1 Linux gives none to a program like systemd-coredump either (core(5)); 0 keeps only files from being written.
    limit.rlim_cur = min(1, limit.rlim_max)
    setrlimit(resource, &limit)
  }

  /// Does something with the limit as it was, for a child that inherits it.
  static func withOriginalLimit<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard var limit = original else { return try body() }
    setrlimit(resource, &limit)
    defer { forbid() }
    return try body()
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
  #else
    private static let resource = RLIMIT_CORE
  #endif
}
