internal import Unix

@testable internal import AWS

/// A challenge of Amazon Cognito: a line each for salt, public value, secret block and user.
func fuzzSRPChallenge(_ input: Bytes) {
  let (salt, afterSalt) = input.split(at: 0x0A)
  let (publicValue, afterPublicValue) = afterSalt.split(at: 0x0A)
  let (secretBlock, user) = afterPublicValue.split(at: 0x0A)
  var challenge = SRPClient.Challenge(
    salt: salt.text, publicValue: publicValue.text, secretBlock: Array(secretBlock), userId: user.text)
  func answer() throws -> String {
    // A short exponent makes for ten times as many inputs.
    try SRPClient(privateExponent: "10001").passwordClaimSignature(
      challenge, poolName: "Pool", password: "password", timestamp: "Mon Jan 5 03:04:05 UTC 2026")
  }
  do {
    let signature = try answer()
    hold(signature.utf8.count == 44, "a signature is 32 bytes in base64")
    challenge.salt = "0" + challenge.salt.uppercased()
    challenge.publicValue = challenge.publicValue.lowercased()
    if let same = try? answer() { hold(same == signature, "numbers are numbers, however they are written") }
  } catch let error as SRPError {
    hold(!error.message.utf8.contains(0x0A), "an error is one line")
  } catch {
    stop("a challenge is answered or refused: \(error)")
  }
}
