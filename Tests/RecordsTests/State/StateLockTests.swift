import TestSupport
import Testing
import Unix

@testable import Records

@Suite struct StateLockTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func askingMakesNothing() throws {
    #expect(try StateLock.existing(StateDirectory(folder.path)) == nil)
    #expect(try StateLock.existing(StateDirectory(folder.file("none"))) == nil)
    #expect(access(folder.file("lock"), F_OK) != 0)
  }

  // Locks of one process do not exclude each other, so another process has to hold one.
  func otherHolder(_ holder: StateLock.Holder) throws -> ChildProcess {
    let script = """
      import fcntl, os, sys
      file = open(sys.argv[1], "a")
      fcntl.lockf(file, fcntl.LOCK_EX, 1, int(sys.argv[2]))
      print("!", end="", flush=True)
      sys.stdin.read() or __import__("time").sleep(60)
      """
    let child = try ChildProcess(["python3", "-c", script, folder.file("lock"), "\(holder.rawValue)"])
    var bytes = [UInt8](repeating: 0, count: 1)
    #expect(read(child.output, &bytes, 1) == 1)
    return child
  }

  @Test func aLockThatAnotherProcessHoldsNamesIt() throws {
    let lock = try StateLock(StateDirectory(folder.path))
    let child = try otherHolder(.putlogs)
    #expect(try lock.take(.putlogs) == .held(child.processId))
    #expect(try lock.holder(of: .putlogs) == child.processId)
    #expect(try lock.take(.tail) == .taken)
    #expect(try StateLock.existing(StateDirectory(folder.path))?.holder(of: .putlogs) == child.processId)
    child.signal(SIGKILL)
    _ = child.wait()
    #expect(try lock.holder(of: .putlogs) == nil)
    #expect(try lock.take(.putlogs) == .taken)
  }
}
