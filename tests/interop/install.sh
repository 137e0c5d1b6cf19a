#!/usr/bin/env bash
# Brings node_modules to what package-lock.json says, Node itself included; does nothing when it is so already.
# Any npm from 9 on will do, with whatever Node it runs on.
set -euo pipefail
cd "$(dirname "$0")"

want=$(sha256sum package-lock.json)
stamp=node_modules/.installed-from
is_current() { [ "$(cat $stamp 2>/dev/null)" = "$want" ]; }

is_current && exit 0
if ! command -v npm >/dev/null 2>&1; then
  echo "tests/interop needs npm once, to fetch the Node and the MCP clients it tests with: run tests/run.sh, or apt-get install npm." >&2
  exit 1
fi
exec 9>.install.lock
flock --timeout 600 9
is_current && exit 0

echo "Fetching Node 22 and the MCP clients from npm (320 MB, 15 to 60 s)"
timeout --kill-after=10 600 npm ci --ignore-scripts --loglevel=error --fetch-retries=5
echo "$want" >$stamp
