#!/usr/bin/env bash
# Installs what is missing, builds motion-mcp, and makes a video with it: a whole MCP session against the
# embedded sandbox, with no key, no network and no credits. Run it as often as you like.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-deps.sh build

binary=$PWD/build/release/motion-mcp
log=build/quickstart.log
mkdir -p build
echo "Building $binary (2 to 3 minutes the first time)"
if ! { cmake --preset release && cmake --build --preset release --target motion-mcp; } >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "The build failed; all of its output is in $PWD/$log" >&2
  exit 1
fi

python3 examples/quickstart.py --output build/quickstart "$binary" --sandbox

echo
echo "To use it from Claude Code, with a key from the Motion app (Settings, AI Agent):"
echo
"$binary" print-config claude-code
