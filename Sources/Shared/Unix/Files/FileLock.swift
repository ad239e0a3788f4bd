extension flock {
  /// A lock for one writer (fcntl(2)).
  /// - Parameter length: how many bytes from `start` on; 0: all.
  package static func writing(_ start: Int64 = 0, length: Int64 = 0) -> flock {
    var lock = flock()
    lock.l_type = Int16(truncatingIfNeeded: F_WRLCK)
    lock.l_whence = Int16(truncatingIfNeeded: SEEK_SET)
    (lock.l_start, lock.l_len) = (off_t(start), off_t(length))
    return lock
  }
}
