# homebrew.rb FORMULA PREFIX: installs from a formula as Homebrew would, into a directory, in the checkout that is here, and runs
# the formula's test. What is no Formula's method, or has another number of arguments, is an error here as well.
require "pathname"
require "tmpdir"

class Formula
  class << self
    attr_reader :given, :trial, :served

    %i[desc homepage url version sha256 license].each do |name|
      define_method(name) { |value| (@given ||= {})[name] = value }
    end

    def depends_on(_) = nil
    def uses_from_macos(_) = nil
    def test(&block) = @trial = block
    def service(&block) = @served = block
  end

  attr_reader :prefix, :testpath

  def initialize(prefix, testpath)
    @prefix, @testpath = Pathname(prefix), Pathname(testpath)
  end

  def bin = prefix/"bin"
  def opt_bin = bin
  def etc = prefix/"etc"
  def var = prefix/"var"
  def opt_share = prefix/"share"
  # The programs are built.
  def system(*words) = Kernel.system(*words, *("--old-file=build" if words.first == "make"), exception: true)
  def pipe_output(line) = shell_output(line)

  def shell_output(line)
    output = `#{line}`
    $?.success? ? output : raise("`#{line}` ended with #{$?.exitstatus}")
  end

  def assert_match(text, output)
    output.include?(text) || raise("no #{text} in #{output}")
  end

  # What launchd or systemd would be told.
  def run(words) = File.executable?(words.first) || raise("no program #{words.first}")
  def environment_variables(**) = nil
  def keep_alive(_) = nil
  def log_path(_) = nil
  def error_log_path(_) = nil
end

class Pathname
  def write(text) = File.write(to_s, text)
end

load ARGV.fetch(0)
kind = ObjectSpace.each_object(Class).find { |candidate| candidate < Formula }
missing = %i[desc homepage url version sha256 license] - kind.given.keys
abort "the formula does not say its #{missing.join(", ")}" unless missing.empty?
abort "a placeholder is left: #{kind.given}" if kind.given.values.join.include?("@")
Dir.mktmpdir do |directory|
  formula = kind.new(ARGV.fetch(1), directory)
  formula.install
  formula.instance_eval(&kind.trial)
  formula.instance_eval(&kind.served)
  puts formula.caveats
end
