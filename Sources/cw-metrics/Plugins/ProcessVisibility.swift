internal import Unix

/// Whether `/proc` shows the processes of other users. Where it does not (`hidepid` of proc(5), which `ProtectProc` of systemd sets), the
/// processes that are there look like all there are.
final class ProcessVisibility {
  private let mounts: ProcFile
  private let status: ProcFile
  private var lastObstacle: String?

  /// - Parameter root: precedes `/proc`.
  init(root: String) {
    mounts = ProcFile("\(root)/proc/self/mountinfo")
    status = ProcFile("\(root)/proc/self/status")
  }

  /// Why some may be hidden now; nil: none is.
  func obstacle() -> String? {
    guard mounts.hasChanged() else { return lastObstacle }
    lastObstacle = nil
    if let mounts = try? mounts.read(), let status = try? status.read() {
      lastObstacle = Self.obstacle(mountinfo: mounts, status: status)
    }
    return lastObstacle
  }

  /// - Parameters:
  ///   - mountinfo: `/proc/self/mountinfo`.
  ///   - status: `/proc/self/status`.
  static func obstacle(mountinfo: UnsafeRawBufferPointer, status: UnsafeRawBufferPointer) -> String? {
    guard let proc = Mount.parse(mountinfo: mountinfo)?.first(where: { $0.mountPoint.elementsEqual("/proc".utf8) && $0.type == "proc" })
    else { return nil }
    var options: [Substring: Substring] = [:]
    for option in proc.options.split(separator: ",") {
      let parts = option.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { options[parts[0]] = parts[1] }
    }
    guard let hidepid = options["hidepid"], hidepid != "0", hidepid != "off" else { return nil }
    let rights = Rights(status)
    if rights.mayTrace { return nil }
    // The group that is named sees all, but for the strictest kind.
    let isPtraceable = hidepid == "4" || hidepid == "ptraceable"
    if !isPtraceable, let group = options["gid"].flatMap({ UInt64($0) }), rights.groups.contains(group) { return nil }
    return "/proc hides the processes of other users (hidepid=\(hidepid), which ProtectProc= of a service sets)"
  }

  private struct Rights {
    var mayTrace = false
    var groups: Set<UInt64> = []

    init(_ status: UnsafeRawBufferPointer) {
      for line in Lines(status) {
        var fields = FieldScanner(line)
        switch fields.word() {
        case let key? where key.equals("CapEff:"):
          // CAP_SYS_PTRACE, capability.h
          mayTrace = fields.word().flatMap { UInt64($0.text, radix: 16) }.map { $0 & 1 << 19 != 0 } ?? false
        case let key? where key.equals("Gid:") || key.equals("Groups:"):
          while let group = fields.number() { groups.insert(group) }
        default: break
        }
      }
    }
  }
}
