/// The result of one reading of the machine; nil marks what could not be read.
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
