/// What one reading of the machine found. What could not be read is nil.
struct Snapshot: Equatable {
  /// When the reading began, milliseconds since the epoch.
  var timestamp: Int64
  /// The same moment by the monotonic clock, in nanoseconds.
  var monotonic: Int64
  var cpu: CPU?
  var memory: Memory?
  var disks: [IOCounters]?
  var interfaces: [IOCounters]?
  var fileSystems: [FileSystem.Usage] = []
}
