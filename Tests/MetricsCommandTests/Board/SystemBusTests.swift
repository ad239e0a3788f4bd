#if os(Linux)
  import Testing
  import Unix

  @testable import MetricsCommand

  struct SystemBusTests {
    private typealias Answer = Result<UInt32, SystemBus.Refusal>

    // Far longer than any answer takes: no test depends on it.
    private static let long: Int64 = 60_000

    private func bus(_ path: String, silence: Int64 = SystemBus.silence, pause: Int64 = SystemBus.pause) -> SystemBus {
      SystemBus(path: path, property: .failedUnits, silence: silence, pause: pause)
    }

    @Test func oneConnectionIsAskedAgainAndAgain() throws {
      let standIn = try StandInBus { connection in
        connection.greet()
        for number: UInt8 in 1...3 { connection.write(StandInBus.Connection.answer(to: connection.readCall(), number)) }
      }
      let bus = bus(standIn.path)
      for number: UInt32 in 1...3 { #expect(bus.number(within: Self.long) == .success(number)) }
      try standIn.end()
    }

    @Test func anAnswerMayComeByteByByte() throws {
      let standIn = try StandInBus { connection in
        connection.greet()
        for byte in StandInBus.Connection.answer(to: connection.readCall(), 7) { connection.write([byte]) }
      }
      #expect(bus(standIn.path).number(within: Self.long) == .success(7))
      try standIn.end()
    }

    @Test func aLateAnswerIsLeftToItself() throws {
      let (readEnd, writeEnd) = try Descriptor.pipe()
      let standIn = try StandInBus { connection in
        connection.greet()
        let first = connection.readCall()
        var byte: UInt8 = 0
        _ = read(readEnd, &byte, 1)
        connection.write(StandInBus.Connection.answer(to: first, 1))
        connection.write(StandInBus.Connection.answer(to: connection.readCall(), 2))
      }
      let bus = bus(standIn.path, silence: .max)
      #expect(bus.number(within: 1) == nil)
      #expect(bus.number(within: 0) == nil)
      var byte: UInt8 = 0
      _ = write(writeEnd, &byte, 1)
      // The first answer is that of an earlier sample. When it comes while a sample waits it is that sample's.
      var answers: [Answer] = []
      while answers.last != .success(2) { if let answer = bus.number(within: Self.long) { answers.append(answer) } }
      #expect(answers == [.success(2)] || answers == [.success(1), .success(2)])
      try standIn.end()
      for end in [readEnd, writeEnd] { close(end) }
    }

    @Test(
      "what is no number",
      arguments: [
        (DBusMessageTests.Recorded.unknownProperty, "answers org.freedesktop.DBus.Error.UnknownProperty"),
        (DBusMessageTests.Recorded.text, "answers with something else than a number"),
      ])
    func refusals(hexadecimal: String, reason: String) throws {
      let standIn = try StandInBus { connection in
        connection.greet()
        for number: UInt8 in 1...2 {
          var bytes = DBusMessageTests.bytes(hexadecimal)
          bytes[20] = UInt8(connection.readCall())
          connection.write(number == 1 ? bytes : StandInBus.Connection.answer(to: UInt32(bytes[20]), 4))
        }
      }
      let bus = bus(standIn.path)
      #expect(bus.number(within: Self.long) == .failure(SystemBus.Refusal(reason: "\(standIn.path) \(reason)")))
      // The connection is as good as before.
      #expect(bus.number(within: Self.long) == .success(4))
      try standIn.end()
    }

    @Test(
      "what is no bus",
      arguments: [
        ("", "has ended the connection"), ("REJECTED EXTERNAL\r\n", "refuses to authenticate this user"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak D-Bus"), (String(repeating: "D", count: 4096), "does not speak D-Bus"),
        ("DATA\r\nOK 1\r\nxxxxxxxxxxxxxxxx", "does not speak D-Bus"),
        // Fields of 4 GiB.
        ("OK 1\r\nl\u{2}\0\u{1}\0\0\0\0\u{1}\0\0\0\u{7F}\u{7F}\u{7F}\u{7F}", "does not speak D-Bus"),
      ])
    func strangers(text: String, reason: String) throws {
      let standIn = try StandInBus { connection in
        connection.read(StandInBus.Connection.authentication)
        connection.write(text)
        // Until the client closes.
        if !text.isEmpty { connection.read(.max) }
      }
      let bus = bus(standIn.path)
      let refusal = Answer.failure(SystemBus.Refusal(reason: "\(standIn.path) \(reason)"))
      #expect(bus.number(within: Self.long) == refusal)
      try standIn.end()
      // Not asked again at once.
      #expect(bus.number(within: Self.long) == refusal)
    }

    @Test func theConnectionIsMadeAnew() throws {
      let standIn = try StandInBus(connections: 2) { connection in
        connection.greet()
        connection.write(StandInBus.Connection.answer(to: connection.readCall(), 5))
      }
      let bus = bus(standIn.path, pause: 0)
      #expect(bus.number(within: Self.long) == .success(5))
      // It depends on what the bus has read whether it is ended or reset.
      #expect(throws: SystemBus.Refusal.self) { try bus.number(within: Self.long)?.get() }
      #expect(bus.number(within: Self.long) == .success(5))
      try standIn.end()
    }

    @Test func whoNeverAnswersIsGivenUp() throws {
      let standIn = try StandInBus { connection in
        connection.greet()
        connection.read(.max)
      }
      let bus = bus(standIn.path, silence: 0)
      #expect(bus.number(within: 1) == .failure(SystemBus.Refusal(reason: "\(standIn.path) does not answer")))
      try standIn.end()
    }

    @Test func aFloodOfSignalsHasAnEnd() throws {
      let standIn = try StandInBus { connection in
        connection.greet()
        let signal = DBusMessageTests.bytes(DBusMessageTests.Recorded.nameAcquired)
        // More than is read at a time; ends when the client closes.
        for _ in 0..<20_000 where send(connection.descriptor, signal, signal.count, Int32(MSG_NOSIGNAL)) < 0 { break }
      }
      do {
        let bus = bus(standIn.path, silence: 0)
        #expect(throws: SystemBus.Refusal.self) { try bus.number(within: 50)?.get() }
      }
      try standIn.end()
    }

    @Test(arguments: ["/nonexistent/bus", "/" + String(repeating: "x", count: 200)])
    func whereNobodyListens(path: String) {
      let code = path.utf8.count > 107 ? ENAMETOOLONG : ENOENT
      let reason = SystemError("connect to \(path)", code: code).description
      #expect(bus(path).number(within: Self.long) == .failure(SystemBus.Refusal(reason: reason)))
    }
  }
#endif
