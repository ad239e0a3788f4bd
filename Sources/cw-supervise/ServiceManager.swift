internal import Unix

/// systemd, or another service manager that started this process with a notification socket (sd_notify(3)).
struct ServiceManager {
  /// A path, or a name in the abstract namespace, which begins with `@`.
  let socket: String

  /// Sends variable assignments. There is no answer, and a failure has no consequence.
  func tell(_ assignments: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(socket.utf8)
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    let fits = withUnsafeMutableBytes(of: &address.sun_path) { memory in
      guard name.count < memory.count else { return false }
      memory.copyBytes(from: name)
      return true
    }
    let descriptor = Unix.socket(AF_UNIX, Self.datagram, 0)
    guard fits, descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let length = socklen_t(MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path) + name.count)
    let message = Array(assignments.utf8)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = sendto(descriptor, message, message.count, 0, $0, length) }
    }
  }

  #if canImport(Glibc)
    private static let datagram = Int32(SOCK_DGRAM.rawValue)
  #else
    private static let datagram = SOCK_DGRAM
  #endif
}
