#!/usr/bin/env bash
# Installs the publisher as a launchd daemon on macOS.
# shellcheck source=installers/common.bash
template_name=amazon-cloudwatch-publisher-osx.json uninstaller=uninstall-osx.bash
library_hint="with Homebrew: brew install libdeflate openssl@3 pcre2"
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

main() {
  parse_install_options "$@"
  command -v launchctl >/dev/null || fail 69 "there is no launchd here; on Linux use install-rpi.bash"
  prepare
  launchctl bootout "system/$label" 2>/dev/null || true
  make_user
  set_aside_python "$prefix/bin/amazon-cloudwatch-publisher"
  if [ -e "$plist" ] && grep -q python "$plist"; then set_aside "$plist"; fi
  files install
  install -d -o 0 -g "$user" -m 750 "$prefix/etc"
  put_configuration "$user"
  install -d -o "$user" -g "$user" -m 700 "$prefix/state"
  install -d -o "$user" -g "$user" -m 750 "$prefix/logs"
  give "$user" "$prefix/state" "$prefix/logs"
  let_read_logs
  install -m 644 "$top/installers/$label.newsyslog" "/etc/newsyslog.d/$label.conf"
  install -o root -g wheel -m 644 "$top/installers/$label.plist" "$plist"
  if [ -z "$start" ]; then
    say "Installed; start it with: launchctl bootstrap system $plist"
    return
  fi
  launchctl enable "system/$label"
  # What bootout has ended may need a moment to be gone.
  for attempt in 1 2 3 4 5 6; do
    if launchctl bootstrap system "$plist" 2>"$scratch/why"; then break; fi
    [ "$attempt" -lt 6 ] || { cat "$scratch/why" >&2 && fail 75 "installed, but it does not start; see $prefix/logs"; }
    sleep 5
  done
  say "Runs; see: sudo -u $user amazon-cloudwatch-publisher status"
}

# A user of the system: hidden, without shell and password. The Python program's was an administrator.
make_user() {
  local id=300
  if ! dscl . -read "/Users/$user" >/dev/null 2>&1 || ! dscl . -read "/Groups/$user" >/dev/null 2>&1; then
    while dscl . -list /Users UniqueID | awk -v id="$id" '$2 == id { found = 1 } END { exit !found }' ||
      dscl . -list /Groups PrimaryGroupID | awk -v id="$id" '$2 == id { found = 1 } END { exit !found }'; do
      id=$((id + 1))
    done
  fi
  if ! dscl . -read "/Groups/$user" >/dev/null 2>&1; then
    dscl . -create "/Groups/$user" PrimaryGroupID "$id"
  fi
  if ! dscl . -read "/Users/$user" >/dev/null 2>&1; then
    dscl . -create "/Users/$user" UniqueID "$id"
    dscl . -create "/Users/$user" NFSHomeDirectory "$prefix"
    dscl . -create "/Users/$user" RealName "CloudWatch Publisher"
    dscl . -create "/Users/$user" Password '*'
  fi
  dscl . -create "/Users/$user" PrimaryGroupID "$(dscl . -read "/Groups/$user" PrimaryGroupID | awk '{ print $2 }')"
  dscl . -create "/Users/$user" UserShell /usr/bin/false
  dscl . -create "/Users/$user" IsHidden 1
  dseditgroup -o edit -d "$user" -t user admin 2>/dev/null || true
}

# system.log is for administrators, who may become root. So the right to read comes by an entry of its own, which new files inherit.
let_read_logs() {
  chmod +a "$user allow list,search,read,file_inherit,directory_inherit" /private/var/log
  find /private/var/log -maxdepth 1 -type f -exec chmod +a "$user allow read" {} +
}

main "$@"
