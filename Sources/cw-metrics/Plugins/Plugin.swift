internal import Config

/// Measures one section of `metrics.metrics_collected`.
///
/// A plugin names its fields by an enumeration whose raw values are those of its `PluginDescription`, makes an `Instance` for each
/// device when it first sees it, and hands values to its context. It computes only what is wanted. It takes no memory in a sample
/// but for devices that are new. A difference (`Δ`) has no value at the first sight of a device, and none where a counter went
/// backwards.
protocol Plugin: AnyObject {
  /// - Throws: `CommandError` if the settings cannot be used.
  init(_ context: PluginContext) throws

  /// Reads the machine and hands on what that tells at `context.now`. What cannot be read is warned of once and left out.
  func sample()
}

/// Which plugin measures which section.
enum Plugins {
  static var types: [String: any Plugin.Type] { agent.merging(board) { $1 } }

  private static var agent: [String: any Plugin.Type] {
    [
      "cpu": CPUPlugin.self, "disk": DiskPlugin.self, "diskio": DiskIOPlugin.self, "mem": MemoryInfoPlugin<MemoryField>.self,
      "net": NetPlugin.self, "netstat": NetstatPlugin.self, "processes": ProcessesPlugin.self, "procstat": ProcstatPlugin.self,
      "swap": MemoryInfoPlugin<SwapField>.self,
    ]
  }
}

/// When a sample is taken.
struct Moment: Equatable {
  /// Milliseconds since the epoch.
  var timestamp: Int64
  /// The same by the monotonic clock, in nanoseconds.
  var monotonic: Int64

  /// Seconds since an earlier moment.
  func seconds(since earlier: Moment) -> Double { Double(monotonic - earlier.monotonic) / 1e9 }
}
