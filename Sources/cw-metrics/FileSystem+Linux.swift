#if os(Linux)
  internal import Records
  internal import Unix

  extension FileSystem.Usage {
    /// Nil for a file system without blocks, such as an empty `ramfs`.
    init?(path: String, _ space: Space) {
      guard let percent = space.value(.usedPercent) else { return nil }
      self.init(path: path, utilization: percent)
    }
  }

  /// Asks the kernel again and again how full a file system is.
  final class FileSystemProbe {
    private struct Place {
      /// Ends with a zero byte.
      let path: [UInt8]
      /// As the dimension `Path` has it.
      let name: String
      let device: UInt64?
    }

    private let places: [Place]

    /// - Parameters:
    ///   - root: precedes the mount points.
    ///   - mounts: which device lies where, to notice a mount point that another one hides; those that are not in it are believed.
    init(_ system: FileSystem, root: String, mounts: [Mount] = []) {
      places = system.mountPoints.map { mountPoint in
        let mount = mounts.first { $0.mountPoint == mountPoint }
        return Place(
          path: Array(root.utf8) + mountPoint + [0], name: MetricRecord.Dimension(encoding: "Path", mountPoint).value,
          device: mount.flatMap { Space.hasOneDevice($0.type) ? $0.deviceNumber : nil })
      }
    }

    /// At the first mount point that is an accessible directory; nil if it has no blocks.
    /// - Throws: `SystemError` if no mount point can be examined.
    func usage() throws -> FileSystem.Usage? {
      var failure: SystemError?
      for place in places {
        do {
          guard let space = try Space(path: place.path, device: place.device) else { continue }
          return FileSystem.Usage(path: place.name, space)
        } catch let error as SystemError {
          failure = failure ?? error
        }
      }
      if let failure { throw failure }
      return nil
    }
  }
#endif
