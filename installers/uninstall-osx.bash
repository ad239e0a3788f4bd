#!/usr/bin/env bash
# Removes what install-osx.bash has installed.
# shellcheck source=installers/common.bash
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

main() {
  parse_uninstall_options "$@"
  launchctl bootout "system/$label" 2>/dev/null || true
  rm -f "$plist" "/etc/newsyslog.d/$label.conf"
  files remove
  remove_tree
  if dscl . -read "/Users/$user" >/dev/null 2>&1; then
    chmod -a "$user allow list,search,read,file_inherit,directory_inherit" /private/var/log 2>/dev/null || true
    find /private/var/log -maxdepth 1 -type f -exec chmod -a "$user allow read" {} \; 2>/dev/null || true
    dscl . -delete "/Users/$user"
  fi
  if dscl . -read "/Groups/$user" >/dev/null 2>&1; then dscl . -delete "/Groups/$user"; fi
  say "CloudWatch Publisher is uninstalled"
}

main "$@"
