#!/usr/bin/env bash
# Installs the Debian and Ubuntu packages that are missing; does nothing when none is.
#   scripts/install-deps.sh build    what it takes to build, and to run examples/quickstart.sh
#   scripts/install-deps.sh test     that, and what tests/run.sh needs but for the browser
#   scripts/install-deps.sh browser  that, and the Chromium of the tests labelled browser
#   scripts/install-deps.sh coverage what `test` installs, and gcovr for tests/coverage.sh
# Works as root or with sudo. Exit code 1 when something is missing and cannot be installed.
set -euo pipefail

missing=()

need_command() {  # need_command COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 || missing+=("$2")
}

need_package() {
  local status
  status=$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) || true
  [ "$status" = installed ] || missing+=("$1")
}

need_clang_runtime() {
  local file
  for file in "$(clang++ -print-resource-dir 2>/dev/null)"/lib/*/libclang_rt.tsan*; do
    [ -e "$file" ] && return
  done
  missing+=(libclang-rt-dev)
}

# Boost 1.81 or newer; Debian 12 has it beside an older default.
boost_package() {
  if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then echo libboost1.81-dev; else echo libboost-dev; fi
}

need_for_build() {
  need_command g++ g++
  need_command cmake cmake
  need_command ninja ninja-build
  need_command pkg-config pkg-config
  need_command python3 python3
  local library
  for library in libcpp-httplib-dev nlohmann-json3-dev libssl-dev libsqlite3-dev libvalijson-dev \
                 libcli11-dev libspdlog-dev doctest-dev "$(boost_package)"; do
    need_package "$library"
  done
}

need_for_tests() {
  need_for_build
  need_command clang++ clang
  need_clang_runtime
  need_command llvm-symbolizer llvm  # tests/tsan.supp names functions
  need_package json-schema-test-suite
  need_command npm npm
  need_command openssl openssl  # certificates of a host, for tests
  [ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
}

need_for_coverage() {
  need_for_tests
  need_command gcovr gcovr
}

need_for_browser() {
  need_for_tests
  need_command chromium chromium
  [ -d /usr/share/fonts/truetype/dejavu ] || missing+=(fonts-dejavu-core)  # the same widths everywhere
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

case "${1:-}" in
  build) need=need_for_build ;;
  test) need=need_for_tests ;;
  browser) need=need_for_browser ;;
  coverage) need=need_for_coverage ;;
  *) sed -n '2,7s/^# //p' "$0" >&2; exit 2 ;;
esac

if ! command -v apt-get >/dev/null 2>&1; then
  echo "install-deps: this is not Debian or Ubuntu; CMake will name each library that it does not find." >&2
  exit 0
fi
$need
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
  echo "install-deps: run this as root, there is no sudo here: apt-get install ${missing[*]}" >&2
  exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  as_root env DEBIAN_FRONTEND=noninteractive timeout --kill-after=10 900 apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 && return
  echo "install-deps: apt-get $1 failed:" >&2
  tail -n 30 "$log" >&2
  return 1
}
echo "Installing with apt-get (1 to 3 minutes): ${missing[*]}"
apt update
apt install -y --no-install-recommends "${missing[@]}"
