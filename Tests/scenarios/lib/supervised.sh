# Sourced by the scenarios about the supervisor: small shell programs under the names of the real ones, so that each scenario
# decides how a program behaves by writing its file anew.
# shellcheck shell=sh

# A configuration of KEY=VALUE lines, that only the cw-config below can read.
make_programs() {
  CW_BIN_DIR=$PWD/bin
  export CW_BIN_DIR
  mkdir bin runs
  cat >publisher.json <<END
agent.logfile=$PWD/log/publisher.log
logs.logs_collected.files.collect_list=/var/log/x
END
  program cw-config <<'END'
config=$(for argument in "$@"; do echo "$argument"; done | tail -n 1)
case $1 in
check) grep -q '^wrong' "$config" && { echo "cw-config: error: $config:1: agent.region: what is that" >&2; exit 78; } ;;
instance-id) echo "test-${CW_INSTANCE_ID:-42}" ;;
get) sed -n "s/^$2=//p" "$config" ;;
--version) echo 9.9.9 ;;
esac
exit 0
END
  for reader in cw-metrics cw-tail; do program "$reader" <"$TOP/Tests/scenarios/lib/reader.sh"; done
  program cw-logfilter <<'END'
exec cat
END
  for writer in cw-putmetrics cw-putlogs; do program "$writer" <<END; done
exec cat >>"$PWD/runs/$writer.delivered"
END
}

# program NAME < body: counts its starts in runs/NAME.starts.
program() {
  {
    echo '#!/bin/sh'
    echo "echo \$\$ >>'$PWD/runs/$1.starts'"
    cat
  } >"bin/$1.new"
  chmod +x "bin/$1.new"
  mv "bin/$1.new" "bin/$1"
}

# Starts the supervisor in the background; its process id is in $supervisor.
# shellcheck disable=SC2120 # arguments are options
supervise() {
  "$TOP/amazon-cloudwatch-publisher" "$@" publisher.json 2>stderr &
  export supervisor=$!
}

starts() {
  if [ -e "runs/$1.starts" ]; then wc -l <"runs/$1.starts" | tr -d ' '; else echo 0; fi
}

started() { # NAME TIMES
  [ "$(starts "$1")" -ge "$2" ]
}

delivered() { # NAME PATTERN
  grep -q "$2" "runs/$1.delivered"
}

# No program of this scenario and no part of the supervisor runs any more.
nothing_runs() {
  ! running "$PWD/bin/" >&2 && ! running /amazon-cloudwatch-publisher >&2 && ! running cw-supervise >&2
}
