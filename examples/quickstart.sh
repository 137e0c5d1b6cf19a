#!/usr/bin/env bash
# Installs what is missing, builds motion-mcp, and makes a video with it: a whole MCP session against the
# embedded sandbox, with no key, no network and no credits. Run it as often as you like.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-deps.sh build

binary=$PWD/build/release/motion-mcp
log=$PWD/build/quickstart.log
mkdir -p build

# The steps that ninja counts, on one line of a terminal.
show_steps() {
  if [ -t 1 ]; then
    tee -a "$log" | awk -F'[][/]' '/^\[[0-9]/ { printf "\r  step %d of %d", $2, $3; fflush() } END { print "" }'
  else
    cat >>"$log"
  fi
}

echo "Building $binary (3 to 4 minutes the first time)"
if ! { cmake --preset release >"$log" 2>&1 &&
       cmake --build --preset release --target motion-mcp 2>&1 | show_steps; }; then
  tail -n 40 "$log" >&2
  echo "The build failed; all of its output is in $log" >&2
  exit 1
fi

python3 examples/quickstart.py --output build/quickstart "$binary" --sandbox

echo
echo "To use it from Claude Code, with a key from the Motion app (Settings, AI Agent):"
echo
"$binary" print-config claude-code
