/// How every program of the toolkit ends (sysexits.h); the supervisor decides by it how soon to start again.
package enum ExitStatus: Int32 {
  case done = 0
  /// The command line is wrong.
  case usage = 64
  /// Some data was refused, and counted.
  case dataRefused = 65
  /// A service or a file that is needed is not there.
  case unavailable = 69
  /// What came before in the pipe ended without saying so.
  case upstreamBroke = 70
  /// This machine's clock is wrong (`EX_OSERR`).
  case wrongClock = 71
  /// State could not be written.
  case cannotWrite = 73
  /// Standard input or output failed.
  case inputOutput = 74
  /// Try again later; nothing is lost.
  case tryAgain = 75
  case noPermission = 77
  case badConfiguration = 78
}
