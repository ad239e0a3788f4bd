internal import AWS
internal import Unix

@testable internal import CredsCommand

/// What a client sends to `cw-creds serve`: read in any pieces it means the same, what is refused stays refused, and nobody without the
/// token gets anything.
func fuzzHTTPRequest(_ input: Bytes) {
  let verdict = ServerRequest.parse(input)
  holdPieces(input, verdict)
  guard case .request(let request) = verdict else { return }
  let words = [request.method, request.target, request.host ?? "", request.authorization ?? ""]
  hold(words.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }, "no control byte gets through")
  hold(ServerResponse.refusal(of: request, token) != nil || request.authorization == token.text, "nobody gets in without the token")
}

private let token = AccessToken(Array(0..<32))

private func holdPieces(_ whole: Bytes, _ verdict: ServerRequest.Verdict) {
  for count in 0..<min(whole.count, 300) {
    switch ServerRequest.parse(whole.part(0..<count)) {
    case .incomplete: break
    case let early: hold(early == verdict, "more bytes do not change \(early) into \(verdict)")
    }
  }
}
