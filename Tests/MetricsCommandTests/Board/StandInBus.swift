#if os(Linux)
  import TestSupport
  import Unix

  @testable import MetricsCommand

  /// A program behind a Unix socket that takes one connection after the other and does what a test says.
  final class StandInBus {
    let path: String
    private let folder: TemporaryFolder
    private let thread: ThreadedCall<Void>

    /// - Parameter serve: is handed each connection, which is closed afterwards, one a call, until it has been called for all of them.
    init(connections: Int = 1, serve: @escaping @Sendable (Connection) -> Void) throws {
      folder = try TemporaryFolder()
      let path = folder.file("bus")
      let listener = try Self.listen(path)
      thread = try ThreadedCall {
        for _ in 0..<connections {
          let descriptor = accept(listener, nil, nil)
          serve(Connection(descriptor: descriptor))
          close(descriptor)
        }
        close(listener)
      }
      self.path = path
    }

    /// Waits until all connections have been served.
    func end() throws { try thread.result().get() }

    struct Connection {
      let descriptor: Int32

      /// Reads so many bytes; fewer if the other side has closed.
      @discardableResult func read(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var one: UInt8 = 0
        while bytes.count < count, Unix.read(descriptor, &one, 1) == 1 { bytes.append(one) }
        return bytes
      }

      func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

      func write(_ text: String) { write(Array(text.utf8)) }

      /// What a bus does until it has greeted: what it says to the client's authentication, and its name.
      func greet() {
        read(Self.authentication)
        write("DATA\r\nOK cfd41c9db55aa5060bc10c9b6b0e437b\r\n")
        readCall()
        write(DBusMessageTests.bytes(DBusMessageTests.Recorded.hello) + DBusMessageTests.bytes(DBusMessageTests.Recorded.nameAcquired))
      }

      static let authentication = "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n".utf8.count

      /// Reads a message and returns its serial; 0 at the end.
      @discardableResult func readCall() -> UInt32 {
        var bytes = read(16)
        while true {
          switch bytes.withUnsafeBytes({ DBusMessage.parse($0) }) {
          case .message: return UInt32(bytes[8])
          case .invalid: return 0
          case .incomplete:
            let next = read(1)
            if next.isEmpty { return 0 }
            bytes += next
          }
        }
      }

      /// The recorded answer, to this call and with this number.
      static func answer(to serial: UInt32, _ number: UInt8) -> [UInt8] {
        var bytes = DBusMessageTests.bytes(DBusMessageTests.Recorded.number)
        bytes[20] = UInt8(truncatingIfNeeded: serial)
        bytes[bytes.count - 4] = number
        return bytes
      }
    }

    private static func listen(_ path: String) throws -> Int32 {
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      #if canImport(Glibc)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      #else
        let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
      #endif
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
      }
      guard result == 0, Unix.listen(descriptor, 4) == 0 else { throw SystemError("listen") }
      return descriptor
    }
  }
#endif
