internal import CUnix

/// Starts a program: by fork(2) and exec(2), since posix_spawn(3) cannot tie it to its parent.
package struct Spawn {
  package enum Source {
    case ours
    /// `/dev/null`.
    case nothing
    case descriptor(Int32)

    fileprivate var number: Int32 {
      switch self {
      case .ours: -1
      case .nothing: -2
      case .descriptor(let descriptor): descriptor
      }
    }
  }

  /// The program first, searched in `PATH` if its name has no slash.
  package var arguments: [String]
  /// `NAME=value` each.
  package var environment: [String]
  /// Its descriptors 0, 1 and so on. It also inherits ours above them that are not close-on-exec.
  package var descriptors: [Source]
  /// The process group that it joins; 0: a new one, which has its own number; nil: ours.
  package var group: Int32?
  /// The signals that are not ignored there, although they may be here. None is blocked.
  package var usualSignals: [Int32]
  /// What the kernel sends to it when the thread that has started it ends, in whatever way; nil: nothing. Linux alone has such a thing.
  package var endSignal: Int32?

  #if os(Linux)
    package static let canTie = true
  #else
    package static let canTie = false
  #endif

  /// Describes a program that `start` starts; the parameters are the properties.
  package init(
    arguments: [String], environment: [String], descriptors: [Source], group: Int32? = nil, usualSignals: [Int32] = [],
    endSignal: Int32? = nil
  ) {
    self.arguments = arguments
    self.environment = environment
    self.descriptors = descriptors
    self.group = group
    self.usualSignals = usualSignals
    self.endSignal = endSignal
  }

  /// - Returns: its process id; exec(2) has succeeded by then, and the process is in its group.
  /// - Throws: `SystemError`, also for what fails in the child before exec(2).
  package func start() throws -> Int32 {
    let program = arguments.first ?? ""
    guard !program.isEmpty else { throw SystemError("start \(program)", code: ENOENT) }
    guard descriptors.count <= CW_MOST_DESCRIPTORS else { throw SystemError("start \(program)", code: EMFILE) }
    let ends = try Descriptor.pipe()
    var child = cw_child()
    (child.descriptor_count, child.signal_count) = (Int32(descriptors.count), Int32(usualSignals.count))
    (child.has_group, child.group, child.end_signal) = (group == nil ? 0 : 1, group ?? 0, endSignal ?? 0)
    let processId = CoreFile.withOriginalLimit {
      withCStrings(arguments) { arguments in
        withCStrings(environment) { environment in
          descriptors.map(\.number).withUnsafeBufferPointer { descriptors in
            usualSignals.withUnsafeBufferPointer { signals in
              (child.arguments, child.environment) = (arguments.baseAddress, environment.baseAddress)
              (child.descriptors, child.signals) = (descriptors.baseAddress, signals.baseAddress)
              return cw_start(&child, [ends.0, ends.1])
            }
          }
        }
      }
    }
    guard processId > 0 else { throw SystemError("start \(program)", code: -processId) }
    return processId
  }

  private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = texts.map { FileName.withBytes($0) { strdup($0) } }
    defer { for copy in copies { free(copy) } }
    return (copies + [nil]).withUnsafeBufferPointer(body)
  }
}
