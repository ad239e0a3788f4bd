internal import Config
internal import Records
internal import Unix

/// `disk`: how full each mounted file system is.
final class DiskPlugin: Plugin {
  enum Field: String, CaseIterable {
    case free
    case inodesFree = "inodes_free"
    case inodesTotal = "inodes_total"
    case inodesUsed = "inodes_used"
    case total
    case used
    case usedPercent = "used_percent"
  }

  private struct FileSystem {
    let mount: Mount
    let question: SpaceQuestion
    let instance: PluginContext.Instance
  }

  private let context: PluginContext
  private let wanted: [PluginContext.Wanted<Field>]
  private let filter: ResourceFilter
  private var mounts: ProcFile
  private var fileSystems: [FileSystem] = []

  init(_ context: PluginContext) {
    self.context = context
    wanted = context.wanted()
    filter = ResourceFilter(context.settings.resources)
    // What the first process sees is the machine's; a service may have been given a view of its own.
    mounts = ProcFile("\(context.root)/proc/1/mountinfo")
    if (try? mounts.read()) == nil { mounts = ProcFile("\(context.root)/proc/self/mountinfo") }
  }

  func sample() {
    // There may be thousands of mounts, which rarely change, and the kernel reports when they do.
    if mounts.hasChanged() || fileSystems.isEmpty { look() }
    for system in fileSystems {
      let space: Space
      switch system.question.answer() {
      case .space(let answer): space = answer
      case .hidden: continue
      case .none(let why):
        context.warnOnce("\(why); it is left out")
        continue
      }
      // Of nothing on a disk or in memory, such as /proc.
      guard space.blocks > 0 else { continue }
      for field in wanted {
        if let value = space.value(field.field) { context.write(value, field, system.instance) }
      }
    }
  }

  private func look() {
    guard let present = context.read(mounts, parse: { Mount.parse(mountinfo: $0) }) else {
      fileSystems = []
      return
    }
    let before = fileSystems
    fileSystems = Mount.withoutSelfBinds(present.filter(isWanted)).map { mount in
      before.first { $0.mount == mount }
        ?? FileSystem(
          mount: mount, question: SpaceQuestion(mount, root: context.root),
          instance: context.instance(dimensions(of: mount)))
    }
  }

  private func isWanted(_ mount: Mount) -> Bool {
    // Looking at an automatic mount point mounts it.
    guard mount.type != "autofs", !context.settings.ignoreFileSystemTypes.contains(mount.type) else { return false }
    return mount.mountPoint.withUnsafeBytes { filter.contains($0) }
  }

  private func dimensions(of mount: Mount) -> [(name: String, value: [UInt8])] {
    let device = context.settings.dropDevice ? [] : Array(deviceName(of: mount))
    return [("path", mount.mountPoint), ("device", device), ("fstype", Array(mount.type.utf8))]
  }

  // The CloudWatch agent calls a volume dm-0, whatever its name is.
  private func deviceName(of mount: Mount) -> ArraySlice<UInt8> {
    let source = mount.source[...]
    guard source.starts(with: Self.dev) else { return source }
    let name = source.dropFirst(Self.dev.count)
    guard name.starts(with: Self.mapper) || name.elementsEqual("root".utf8) else { return name }
    let link = FileLink.target("\(context.root)/sys/dev/block/\(mount.device)")
    return link?.split(separator: UInt8(ascii: "/")).last ?? name
  }

  private static let dev = Array("/dev/".utf8)
  private static let mapper = Array("mapper/".utf8)
}
