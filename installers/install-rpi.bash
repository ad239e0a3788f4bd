#!/usr/bin/env bash
# Installs the publisher as a systemd service: on a Raspberry Pi, and on any other Linux with systemd.
# The user is the Python program's, so that what belonged to it goes on belonging to it; but it is in no group with sudo.
# shellcheck source=installers/common.bash
template_name=amazon-cloudwatch-publisher-rpi.json uninstaller=uninstall-rpi.bash
library_hint="on Debian: apt-get install libcurl4 libdeflate0 libexpat1 libpcre2-8-0 libssl3 libstdc++6 zlib1g ca-certificates"
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

main() {
  parse_install_options "$@"
  command -v systemctl >/dev/null || fail 69 "there is no systemd here; for runit, s6 and cron see $top/installers/without-systemd, and the README"
  ! dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed ||
    fail 69 "the Debian package $name is installed; upgrade it with dpkg -i, or remove it first with dpkg -r $name"
  prepare
  if [ -e "$unit" ]; then systemctl stop "$name" || true; fi
  make_service_user "$user"
  take_over_python
  files install
  make_directories "$user"
  put_configuration "$user"
  install -m 644 "$top/installers/$name.service" "$unit"
  rotate_logs
  systemctl daemon-reload
  systemctl enable --quiet "$name"
  warn_early
  if [ -z "$start" ]; then
    say "Installed; start it with: systemctl start $name"
    return
  fi
  systemctl start "$name" || {
    systemctl status --no-pager --lines 10 "$name" >&2 || true
    fail 75 "installed, but it does not start; it goes on trying, see: journalctl -u $name"
  }
  say "Runs as $(as_service "$prefix/bin/cw-config" instance-id); see: sudo -u $user $name status"
}

take_over_python() {
  set_aside_python "$prefix/bin/$name"
  if [ -e "$unit" ] && ! grep -q '^Type=notify' "$unit"; then set_aside "$unit"; fi
}

rotate_logs() {
  if [ -d /etc/logrotate.d ]; then
    install -m 644 "$top/installers/$name.logrotate" "/etc/logrotate.d/$name"
  else
    warn "there is no logrotate here to keep $logs small; install it, and run this again"
  fi
}

# What the service will meet and root does not.
warn_early() {
  local logfile why
  logfile=$("$prefix/bin/cw-config" get agent.logfile -c "$config" 2>/dev/null || true)
  case $logfile in
  '' | "$prefix"/logs/* | "$logs"/*) ;;
  /*) warn "the service may not write agent.logfile $logfile; its messages go to the journal. Let it lie in $prefix/logs" ;;
  esac
  why=$(as_service "$prefix/bin/cw-config" instance-id 2>&1 >/dev/null) ||
    warn "the service can not tell the instance id: $why; agent.instance.command runs as user $user, without sudo"
}

as_service() { setpriv --reuid "$user" --regid "$user" --init-groups --no-new-privs "$@"; }

main "$@"
