# What the installers for Linux and for macOS share. Sourced; works with the bash 3.2 of macOS.
# shellcheck shell=bash
# shellcheck source=installers/service.sh disable=SC2034,SC2154 # used by, and set by, those who source this
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/service.sh"
config=$prefix/etc/amazon-cloudwatch-publisher.json
password_file=$prefix/etc/password
case $(uname -s) in
Darwin)
  user=_cwpublisher
  label=com.amazonaws.$name
  plist=/Library/LaunchDaemons/$label.plist
  ;;
*)
  user=cwpublisher
  unit=/etc/systemd/system/$name.service
  ;;
esac
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# An unpacked tarball, or a checkout in which make has run.
if [ -d "$top/bin" ]; then built=$top/bin; else built=$top/build/bin; fi
built=${CW_BIN_DIR:-$built}
invoked=${0##*/}

say() { printf '%s\n' "$*"; }
warn() { printf '%s: warning: %s\n' "$invoked" "$*" >&2; }
fail() {
  printf '%s: error: %s\n' "$invoked" "$2" >&2
  exit "$1"
}

install_usage() {
  cat <<END
usage: $invoked [OPTION]...

Installs the publisher for this machine and starts it; run again, it installs this version over the other and starts it
anew. An installation of the Python program of the same name is taken over with its configuration. A configuration that is
there is kept; without one, what is needed is asked for, or taken from:

  --config FILE           this whole configuration; one that is there is moved aside
  --template FILE         the configuration to fill in (configs/$template_name)
  --region R              such as eu-central-1
  --account-id N          \\
  --user-pool-id ID        | the outputs of the stack that cw-deploy-users made
  --identity-pool-id ID    |
  --app-client-id ID      /
  --password-file FILE    the password of this machine's user; - for the next line of standard input; also gives another
                          one to a configuration that has it in $password_file
  --instance-id ID        the name of that user, such as rpi-00000000abcdef01, if the template's command can not tell it
  --no-start              install only
  --uninstall [OPTION]... $uninstaller
  --help                  print this, and exit

Exit codes: 0 done, 64 usage, 69 something is missing here, 77 not root, 78 the configuration is refused, and nothing was
touched.
END
}

parse_install_options() {
  given_config='' template=$top/configs/$template_name start=yes
  region='' account_id='' user_pool_id='' identity_pool_id='' app_client_id='' password_from='' instance_id=''
  if [ "${1:-}" = --uninstall ]; then
    shift
    exec "$top/installers/$uninstaller" "$@"
  fi
  while [ $# -gt 0 ]; do
    case $1 in
    --help) install_usage && exit 0 ;;
    --no-start) start='' && shift && continue ;;
    --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
    esac
    [ $# -ge 2 ] || fail 64 "$1 is unknown, or its value is missing; see $invoked --help"
    case $1 in
    --config) given_config=$2 ;;
    --template) template=$2 ;;
    --region) region=$2 ;;
    --account-id) account_id=$2 ;;
    --user-pool-id) user_pool_id=$2 ;;
    --identity-pool-id) identity_pool_id=$2 ;;
    --app-client-id) app_client_id=$2 ;;
    --password-file) password_from=$2 ;;
    --instance-id) instance_id=$2 ;;
    *) fail 64 "unknown option $1; see $invoked --help" ;;
    esac
    shift 2
  done
}

# Everything that can be refused is refused here, before anything is touched.
prepare() {
  [ "$(id -u)" -eq 0 ] || fail 77 "needs root; try sudo $0"
  if ! "$built/cw-config" --version >/dev/null 2>&1; then
    [ -x "$built/cw-config" ] || fail 69 "there are no programs in $built; run make there first, or set CW_BIN_DIR"
    lacking=$(ldd "$built/cw-config" 2>/dev/null | awk '/not found/ { print $1 }' | sort -u | tr '\n' ' ') || true
    fail 69 "the programs do not run here${lacking:+; missing: ${lacking% }}${library_hint:+; $library_hint}"
  fi
  umask 077
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  new_config=$scratch/${config##*/} new_password=$scratch/password
  if [ -n "$given_config" ]; then
    [ -r "$given_config" ] || fail 78 "can not read $given_config"
    cp "$given_config" "$new_config"
    check_configuration "$given_config"
  elif [ -e "$config" ]; then
    cp "$config" "$new_config"
    check_configuration "$config"
    say "Keeping the configuration $config"
  else
    make_configuration
    return
  fi
  [ -z "$password_from" ] || [ "$("$built/cw-config" get agent.authentication.passwordFile -c "$new_config")" = "$password_file" ] ||
    fail 64 "--password-file needs a configuration with agent.authentication.passwordFile $password_file; nothing was changed"
  [ -z "$password_from" ] || ask_password
  [ -n "$given_config" ] || rm "$new_config"
}

# A copy, because root may not read a password from what belongs to somebody else, and nothing may be changed yet.
check_configuration() {
  (cd "$scratch" && "$built/cw-config" check -c "${config##*/}") || fail 78 "$1 is refused (see above); nothing was changed"
}

make_configuration() {
  ask region "Region" --region
  ask account_id "Account ID" --account-id
  ask user_pool_id "User Pool ID" --user-pool-id
  ask identity_pool_id "Identity Pool ID" --identity-pool-id
  ask app_client_id "App Client ID" --app-client-id
  ask_password
  fill_template
  # The user's name in Cognito: without it there is no signing in.
  if ! found_id >/dev/null 2>&1; then
    say "The command in $template does not find a serial number here. The instance id is this machine's line in systems.txt."
    ask instance_id "Instance ID" --instance-id
    fill_template
  fi
  check_configuration "$config"
}

found_id() { env -u CW_INSTANCE_ID "$built/cw-config" instance-id -c "$new_config"; }

# ask VARIABLE PROMPT OPTION: unless an option has said it.
ask() {
  local answer
  if [ -z "${!1}" ]; then
    read -r -p "$2: " answer || [ -n "$answer" ] || fail 64 "standard input ended before $2; answer, or give $3 or --config"
    printf -v "$1" '%s' "$answer"
  fi
  [ -n "${!1}" ] || fail 64 "$2 is empty; nothing was changed"
  case ${!1} in *[[:cntrl:]]*) fail 64 "$2 has a control character in it; nothing was changed" ;; esac
}

# Into a file, by the shell itself: no other process sees it.
ask_password() {
  local password=''
  case $password_from in
  '' | -)
    IFS= read -r -s -p "Password: " password || [ -n "$password" ] || fail 64 "standard input ended before Password; give --password-file"
    [ ! -t 0 ] || say
    ;;
  *) IFS= read -r password <"$password_from" || [ -n "$password" ] || fail 64 "no password in $password_from" ;;
  esac
  [ -n "$password" ] || fail 64 "Password is empty; nothing was changed"
  printf '%s\n' "$password" >"$new_password"
}

# The answers are no secrets, and may be arguments.
fill_template() {
  "$built/cw-config" fill "$template" --output "$new_config" ${instance_id:+--instance-id="$instance_id"} agent.region="$region" \
    agent.authentication.accountId="$account_id" agent.authentication.userPoolId="$user_pool_id" \
    agent.authentication.identityPoolId="$identity_pool_id" agent.authentication.appClientId="$app_client_id" \
    agent.authentication.password= agent.authentication.passwordFile="$password_file" ||
    fail 78 "an answer or the template is refused (see above); nothing was changed"
}

# files install|remove: in their own tree, which was the service's with the Python program; with links where they are looked for.
files() {
  if [ "$1" = install ]; then install -d -o 0 -g 0 -m 755 "$prefix" "$prefix/bin"; fi
  DESTDIR='' BINDIR=$prefix/bin DATADIR=/usr/local/share LINKDIR=/usr/local/bin "$top/installers/install-files" "$1"
}

# The configuration and the password, for the user and group $1.
put_configuration() {
  if [ -e "$new_password" ]; then install -o "$1" -g "$1" -m 600 "$new_password" "$password_file"; fi
  if [ -e "$new_config" ]; then
    if [ -e "$config" ] && ! cmp -s "$new_config" "$config"; then set_aside "$config"; fi
    install -m 600 "$new_config" "$config"
  fi
  # With the Python program the folder was the service's, which could have made it any file.
  if [ -n "$(find "$config" -maxdepth 0 -type l ! -user 0)" ]; then fail 78 "$config is a link that root has not made; put the file there"; fi
  # The service may read it and not write it, if there is no password in it: then it must be the reader's alone.
  chown "root:$1" "$config" && chmod 640 "$config"
  "$prefix/bin/cw-config" check -c "$config" >/dev/null 2>&1 || { chown "$1:$1" "$config" && chmod 600 "$config"; }
  # Keys, certificates and passwords that lie beside it are for the service.
  find "$prefix/etc" -type f -links 1 ! -name "${config##*/}" -exec chown "$1:$1" {} + -exec chmod 600 {} +
}

# A program of the Python kind, whose place ours takes.
set_aside_python() {
  if [ -f "$1" ] && head -n 1 "$1" | grep -q python; then set_aside "$1"; fi
}

uninstall_usage() {
  cat <<END
usage: $invoked [--yes] [--keep-config]

Stops the publisher and removes it from this machine: programs, service, user, state, logs. It asks first, and whether to keep
the configuration, with the password; how far the logs were delivered is forgotten.

  --yes          do not ask
  --keep-config  keep $prefix/etc
  --help         print this, and exit
END
}

parse_uninstall_options() {
  agreed='' keep_config=''
  while [ $# -gt 0 ]; do
    case $1 in
    --yes) agreed=yes ;;
    --keep-config) keep_config=yes ;;
    --help) uninstall_usage && exit 0 ;;
    *) fail 64 "unknown option $1; see $invoked --help" ;;
    esac
    shift
  done
  [ "$(id -u)" -eq 0 ] || fail 77 "needs root; try sudo $0"
  if [ -z "$agreed" ]; then
    confirmed "Are you sure you want to uninstall CloudWatch Publisher? (Y/N) " || fail 75 "cancelled; nothing was removed"
    if [ -z "$keep_config" ] && confirmed "Keep the configuration and the password? (Y/N) "; then keep_config=yes; fi
  fi
}

confirmed() {
  local answer
  while :; do
    read -r -p "$1" answer || fail 64 "standard input ended; answer, or give --yes"
    case $answer in [Yy] | [Yy][Ee][Ss]) return 0 ;; [Nn] | [Nn][Oo]) return 1 ;; esac
  done
}

# Of the tree only the configuration stays, if it was asked for.
remove_tree() {
  if [ -n "$keep_config" ]; then
    find "$prefix" -mindepth 1 -maxdepth 1 ! -name etc -exec rm -rf {} +
    chown -R -h 0:0 "$prefix/etc"
    say "Kept $prefix/etc"
  else
    rm -rf "$prefix"
    rmdir "${prefix%/*}" 2>/dev/null || true
  fi
}
