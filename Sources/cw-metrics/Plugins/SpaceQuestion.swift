#if os(Linux)
  internal import Unix

  /// Asks how full a file system is, and waits for no answer: another machine, or a program, may never give one.
  final class SpaceQuestion {
    enum Answer {
      case space(Space)
      /// Something else is at its mount point.
      case hidden
      /// Why there is none.
      case none(String)
    }

    private let path: [UInt8]
    private let mount: Mount
    private let device: UInt64?
    private let mayNotAnswer: Bool
    private var call: ThreadedCall<Space?>?

    /// - Parameter root: precedes the mount point.
    init(_ mount: Mount, root: String) {
      self.mount = mount
      device = Space.hasOneDevice(mount.type) ? mount.deviceNumber : nil
      path = Array(root.utf8) + mount.mountPoint + [0]
      mayNotAnswer = Self.remoteTypes.contains(mount.type) || mount.type.hasPrefix("fuse")
    }

    func answer() -> Answer {
      do {
        guard mayNotAnswer else { return try Space(path: path, device: device).map { .space($0) } ?? .hidden }
        return try answerOfAnother()
      } catch {
        return .none("\(error)")
      }
    }

    // One thread at most hangs there; what it says in the end is old, and of no use.
    private func answerOfAnother() throws -> Answer {
      if let call {
        guard isOver(call, milliseconds: 0) else { return silence }
        self.call = nil
      }
      let (path, device) = (path, device)
      let call = try ThreadedCall { try Space(path: path, device: device) }
      guard isOver(call, milliseconds: Self.patience) else {
        self.call = call
        return silence
      }
      return try call.result().get().map { .space($0) } ?? .hidden
    }

    private var silence: Answer { .none("\(String(decoding: mount.mountPoint, as: UTF8.self)) (\(mount.type)) does not answer") }

    private func isOver(_ call: ThreadedCall<Space?>, milliseconds: Int32) -> Bool {
      var question = pollfd(fd: call.descriptor, events: Int16(POLLIN), revents: 0)
      return poll(&question, 1, milliseconds) > 0
    }

    /// Milliseconds that a sample waits.
    private static let patience: Int32 = 200

    // FUSE, where a program answers, is recognised by its name.
    private static let remoteTypes: Set<String> = [
      "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "gfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
      "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    ]
  }
#endif
