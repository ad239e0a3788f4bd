import Testing

@testable import Unix

@Suite struct BrokenPipeTests {
  enum Kind: CaseIterable { case pipe, socket }

  private func ends(_ kind: Kind) throws -> (reader: Int32, writer: Int32) {
    switch kind {
    case .pipe:
      let (readEnd, writeEnd) = try Descriptor.pipe()
      return (readEnd, writeEnd)
    case .socket:
      var ends: [Int32] = [-1, -1]
      #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
      #else
        let stream = SOCK_STREAM
      #endif
      try #require(socketpair(AF_UNIX, stream, 0, &ends) == 0)
      return (ends[0], ends[1])
    }
  }

  @Test(arguments: Kind.allCases, [0, POLLOUT])
  func isGoneWhenItHasClosed(_ kind: Kind, _ events: Int32) throws {
    let (reader, writer) = try ends(kind)
    defer { close(writer) }
    var one = pollfd(fd: writer, events: Int16(events), revents: 0)
    _ = poll(&one, 1, 0)
    #expect(!BrokenPipe.isBroken(one))
    close(reader)
    #expect(poll(&one, 1, 20_000) == 1)
    #expect(BrokenPipe.isBroken(one))
  }

  @Test func noChildInheritsAPipe() throws {
    for isNonBlocking in [false, true] {
      let (readEnd, writeEnd) = try Descriptor.pipe(nonBlocking: isNonBlocking)
      for end in [readEnd, writeEnd] {
        #expect(fcntl(end, F_GETFD) & FD_CLOEXEC != 0)
        #expect((fcntl(end, F_GETFL) & O_NONBLOCK != 0) == isNonBlocking)
        close(end)
      }
    }
    let socket = try Descriptor.streamSocket()
    #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0 && fcntl(socket, F_GETFL) & O_NONBLOCK != 0)
    close(socket)
  }
}
