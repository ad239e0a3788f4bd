# Stands in for cw-tail and cw-metrics: a line every tenth of a second; TERM ends it, and then it says so.
# shellcheck shell=sh
trap 'stopping=yes' TERM
stopping='' n=0
while [ -z "$stopping" ]; do
  n=$((n + 1))
  echo "line $n of $$" || exit 74
  sleep 0.1
done
echo "end $n of $$"
