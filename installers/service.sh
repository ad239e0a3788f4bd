# What everyone who installs the service does, the scripts and the Debian package: its user, directories and links.
# Sourced; POSIX sh.
# shellcheck shell=sh

prefix=/opt/aws/amazon-cloudwatch-publisher
name=amazon-cloudwatch-publisher
state=/var/lib/$name
logs=/var/log/$name

# On Linux. These groups and no others: the Python program's installer put its user into sudo or wheel.
make_service_user() {
  getent group "$1" >/dev/null || groupadd --system "$1"
  groups=''
  for group in adm systemd-journal; do
    if getent group "$group" >/dev/null; then groups=${groups:+$groups,}$group; fi
  done
  shell=$(command -v nologin || echo /bin/false)
  if getent passwd "$1" >/dev/null; then
    usermod -g "$1" -G "$groups" -s "$shell" "$1"
  else
    useradd --system --no-create-home --home-dir "$prefix" -g "$1" -G "$groups" -s "$shell" "$1"
  fi
}

# For the user $1. systemd makes two of them too, but the links need them now.
make_directories() {
  install -d -o 0 -g 0 -m 755 "$prefix"
  install -d -o root -g "$1" -m 750 "$prefix/etc"
  install -d -o "$1" -g "$1" -m 700 "$state"
  install -d -o "$1" -g "$1" -m 750 "$logs"
  link_directory "$prefix/state" "$state"
  link_directory "$prefix/logs" "$logs"
  give "$1" "$state" "$logs"
}

# Gives what lies in the directories $2... to the user $1, but no link and nothing that has another name elsewhere: in directories that are
# somebody's own, those can be made to stand for any file. Each is changed from within its directory, which cannot be replaced meanwhile.
give() {
  to=$1
  shift
  find "$@" ! -user "$to" \( -type d -o -type f -links 1 \) -execdir chown -h "$to:$to" {} \;
}

# Makes the directory $1 a link to $2, and takes its files along.
link_directory() {
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    find "$1" -mindepth 1 -maxdepth 1 -exec mv -f {} "$2/" \;
    rmdir "$1"
  fi
  ln -sfn "$2" "$1"
}

# Moves a file of an older installation to a folder that is not in the way.
set_aside() {
  replaced=${replaced:-$prefix/replaced/$(date +%Y-%m-%d-%H%M%S)}
  install -d -m 700 "$prefix/replaced" "$replaced"
  mv "$1" "$replaced/"
  echo "Moved $1 to $replaced"
}
