internal import Unix

/// The words of one line of `/proc/self/mountinfo` (proc_pid_mountinfo(5)), where they stand in its text, and escaped as there.
struct MountLine {
  /// `MAJOR:MINOR`.
  let device: UnsafeRawBufferPointer
  /// The directory of the file system that is mounted.
  let root: UnsafeRawBufferPointer
  let mountPoint: UnsafeRawBufferPointer
  let type: UnsafeRawBufferPointer
  /// May be empty.
  let source: UnsafeRawBufferPointer
  /// Of the file system.
  let options: UnsafeRawBufferPointer

  /// Nil if the line is not as in proc(5).
  init?(_ line: UnsafeRawBufferPointer) {
    var fields = FieldScanner(line)
    guard fields.number() != nil, fields.number() != nil, let device = fields.word(), let root = fields.word(),
      let mountPoint = fields.word(), fields.word() != nil
    else { return nil }
    // Optional fields, up to a dash.
    while true {
      guard let word = fields.word() else { return nil }
      if word.equals("-") { break }
    }
    guard let type = fields.word(), let next = fields.word() else { return nil }
    (self.device, self.root, self.mountPoint, self.type) = (device, root, mountPoint, type)
    if let options = fields.word() {
      (source, self.options) = (next, options)
    } else {
      // Of a source without a character no word is left; options begin with one of these.
      guard next.starts(with: "rw") || next.starts(with: "ro") else { return nil }
      (source, options) = (next.part(0..<0), next)
    }
  }
}
