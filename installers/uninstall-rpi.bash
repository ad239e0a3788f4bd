#!/usr/bin/env bash
# Removes what install-rpi.bash has installed.
# shellcheck source=installers/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

main() {
  parse_uninstall_options "$@"
  if [ -e "$unit" ]; then systemctl disable --now --quiet "$name" || true; fi
  rm -rf "$unit" "$unit.d" "/etc/logrotate.d/$name"
  systemctl daemon-reload
  systemctl reset-failed "$name" 2>/dev/null || true
  files remove
  remove_tree
  rm -rf "/var/lib/$name" "/var/log/$name" "/run/$name"
  if getent passwd "$user" >/dev/null; then userdel "$user"; fi
  if getent group "$user" >/dev/null; then groupdel "$user"; fi
  say "CloudWatch Publisher is uninstalled"
}

main "$@"
