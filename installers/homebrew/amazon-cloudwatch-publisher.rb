# scripts/formula fills in the version, the address and its hash.
class AmazonCloudwatchPublisher < Formula
  desc "Metrics and logs of machines outside AWS to Amazon CloudWatch"
  homepage "@REPOSITORY@"
  url "@URL@"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "pkgconf" => :build
  depends_on xcode: ["16.0", :build]
  depends_on "libdeflate"
  depends_on "openssl@3"
  depends_on "pcre2"
  uses_from_macos "curl"
  uses_from_macos "expat"
  uses_from_macos "zlib"

  def install
    # Homebrew builds in a sandbox, in which there can be no other.
    system "make", "install", "PREFIX=#{prefix}", "SWIFT_FLAGS=--disable-sandbox"
  end

  service do
    run [opt_bin/"amazon-cloudwatch-publisher", etc/"amazon-cloudwatch-publisher.json"]
    environment_variables STATE_DIRECTORY: var/"lib/amazon-cloudwatch-publisher"
    keep_alive true
    log_path var/"log/amazon-cloudwatch-publisher.log"
    error_log_path var/"log/amazon-cloudwatch-publisher.log"
  end

  def caveats
    <<~END
      The service reads #{etc}/amazon-cloudwatch-publisher.json; there are examples in #{opt_share}/amazon-cloudwatch-publisher.
      Then: brew services start amazon-cloudwatch-publisher
    END
  end

  test do
    (testpath/"log").write "one\ntwo\n"
    assert_match "two", pipe_output("#{bin}/cw-tail --once #{testpath}/log | #{bin}/cw-logfilter --records --include two")
    assert_match "{", shell_output("#{bin}/cw-metrics")
  end
end
