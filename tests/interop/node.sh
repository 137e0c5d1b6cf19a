#!/usr/bin/env bash
# Runs a script with the Node that install.sh brought, never with the machine's own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for node in "$here"/node_modules/node-linux-*/bin/node; do
  [ -x "$node" ] && exec "$node" "$@"
done
echo "tests/interop/node_modules is missing: run tests/interop/install.sh (or tests/run.sh, which does all of it)." >&2
exit 1
