/// The progress of a long run, for people.
struct ProvisioningProgress: Equatable {
  var done: Int
  let all: Int
  /// Nanoseconds.
  var elapsed: Int64
  var what = "users"

  /// `120 of 10000 users, 19.8 a second, 8 min left`
  var text: String {
    let seconds = Double(elapsed) / 1e9
    guard done > 0, seconds > 0.5 else { return "\(done) of \(all) \(what)" }
    let rate = Double(done) / seconds
    let tenths = Int(rate * 10)
    return "\(done) of \(all) \(what), \(tenths / 10).\(tenths % 10) a second, \(Self.duration(Double(all - done) / rate)) left"
  }

  /// `45 s`, `9 min`, `2 h 5 min`
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 120 { return "\(whole) s" }
    if whole < 7200 { return "\((whole + 59) / 60) min" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
