import Testing

@testable import CredsCommand

@Suite struct ProxyTests {
  @Test(arguments: [
    ("http://proxy:3128", "http://proxy:3128"), ("proxy:3128", "proxy:3128"),
    ("http://u:canary@proxy:3128/", "http://(hidden)@proxy:3128/"),
    ("u:canary@proxy", "(hidden)@proxy"),
    // What should have been written %2F and %40.
    ("http://u:can/ary@proxy", "http://(hidden)@proxy"), ("u:can/a@ry@proxy", "(hidden)@proxy"),
    ("socks5h://can:ary@a@b", "socks5h://(hidden)@b"),
  ])
  func thePasswordIsHidden(_ url: String, _ shown: String) { #expect(Proxy.withoutUser(url) == shown) }
}
