#!/usr/bin/env bash
# Runs a command of this repository on a machine that has nothing of ours: a minimal Debian or Ubuntu root.
#   scripts/fresh-root.sh [--keep] SUITE [COMMAND [ARG...]]
#   scripts/fresh-root.sh bookworm tests/run.sh
#   scripts/fresh-root.sh --keep trixie            a shell in the root of the last run
# Needs root and debootstrap. The committed state of the repository is cloned to /src in the root. --keep goes on
# with the root of the last run (and its clone), instead of a new one.
# The pristine roots lie in $FRESH_ROOTS (default /var/tmp/motion-mcp-roots). The mirror, the apt and npm
# settings, certificates and proxies are this machine's own, read when the script runs.
set -euo pipefail

keep=no
if [ "${1:-}" = --keep ]; then keep=yes; shift; fi
suite=${1:?"usage: scripts/fresh-root.sh [--keep] SUITE [COMMAND...]"}
shift
[ $# -gt 0 ] || set -- bash
repository=$(cd "$(dirname "$0")/.." && pwd)
roots=${FRESH_ROOTS:-/var/tmp/motion-mcp-roots}
pristine=$roots/$suite
root=$roots/$suite-run
host_suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

apt_sources() {
  find /etc/apt/sources.list /etc/apt/sources.list.d -name '*.sources' -o -name '*.list' 2>/dev/null
}

mirror() {
  apt_sources | xargs sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' | head -n 1
}

copy_if_there() {  # copy_if_there PATH: the same path in the root
  [ -e "$1" ] || return 0
  mkdir -p "$root$(dirname "$1")"
  cp -aL "$1" "$root$(dirname "$1")/"
}

copy_settings() {
  copy_if_there /etc/resolv.conf
  copy_if_there /etc/hosts
  copy_if_there /usr/local/share/ca-certificates
  copy_if_there /etc/apt/apt.conf
  copy_if_there /etc/apt/apt.conf.d
  local source
  rm -f "$root/etc/apt/sources.list"
  for source in $(apt_sources); do
    copy_if_there "$source"
    sed -i "s/\b$host_suite\b/$suite/g" "$root$source"
  done
}

# Only what a download needs is handed on: proxies, certificate files and the npm registry.
environment() {
  printf '%s\n' HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  env | grep -iE '^(https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)=' || true
  command -v npm >/dev/null 2>&1 || return 0
  local key value
  for key in registry cafile proxy https-proxy; do
    value=$(npm config get "$key" 2>/dev/null)
    case "$value" in ''|null|undefined) ;; *) echo "npm_config_${key//-/_}=$value" ;; esac
  done
}

if [ ! -e "$pristine/etc/debian_version" ]; then
  echo "Making a pristine $suite root in $pristine (1 to 2 minutes)"
  mkdir -p "$roots"
  rm -rf "$pristine.part"
  debootstrap --variant=minbase "$suite" "$pristine.part" "$(mirror)" >"$roots/$suite.log" 2>&1 ||
    { tail -n 5 "$roots/$suite.log" >&2; exit 1; }
  mv "$pristine.part" "$pristine"
fi
if [ $keep = no ] || [ ! -e "$root/src" ]; then
  rm -rf "$root"
  cp -a "$pristine" "$root"
  copy_settings
  git clone --quiet --no-hardlinks "$repository" "$root/src"
fi

mapfile -t settings < <(environment)
# A mount and process namespace of its own: nothing stays mounted and nothing stays running afterwards.
exec unshare --mount --pid --fork --kill-child -- sh -ec '
  root=$1; shift
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount -t sysfs -o ro sysfs "$root/sys"
  exec chroot "$root" env -i "$@"' sh "$root" "${settings[@]}" \
  sh -c 'cd /src && "$@"' sh "$@"
