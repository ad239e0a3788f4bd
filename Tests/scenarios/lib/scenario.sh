# Sourced by the scenarios that are shell scripts.
# shellcheck shell=sh
set -eu

# Ends the scenario with one sentence about what was wrong.
fail() {
  echo "failed: $*" >&2
  exit 1
}

# expect ACTUAL WANTED WHAT
expect() {
  [ "$1" = "$2" ] || fail "$3 is '$1' and not '$2'"
}

# eventually SECONDS COMMAND...: repeats the command until it succeeds.
eventually() {
  tenths=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$tenths" -gt 0 ] || fail "did not happen in time: $*"
    sleep 0.1
    tenths=$((tenths - 1))
  done
}

# ends_with STATUS PID: waits for a program in the background.
ends_with() {
  status=0
  wait "$2" || status=$?
  expect "$status" "$1" "the exit status"
}

# running PATTERN: true when a process of this scenario has it in its command line. -r: those that have ended and wait for
# init to notice do not count.
running() {
  pgrep -s 0 -r D,R,S,T -a -f -- "$1"
}
