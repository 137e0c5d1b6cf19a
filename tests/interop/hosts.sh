#!/usr/bin/env bash
# By hand: does Claude Code itself start motion-mcp and find it healthy? Fetches Claude Code from npm (half a
# gigabyte) into build/hosts; needs no account. docs/testing.md notes the last result.
#   tests/interop/hosts.sh [BINARY]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:-$repository/build/release/motion-mcp}")
hosts=$repository/build/hosts
claude_code=@anthropic-ai/claude-code-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')@2.1.329

[ -x "$binary" ] || { echo "hosts: build $binary first" >&2; exit 1; }
mkdir -p "$hosts"
if [ ! -e "$hosts/package.json" ]; then echo '{"private":true}' >"$hosts/package.json"; fi
echo "Fetching $claude_code from npm (half a gigabyte)"
(cd "$hosts" && timeout --kill-after=10 1200 npm install --ignore-scripts --no-audit --no-fund --loglevel=error "$claude_code")
claude=$(find "$hosts/node_modules/@anthropic-ai" -maxdepth 2 -name claude -type f -perm -u+x | head -n 1)

# A home of its own: the user's configuration of Claude Code stays as it is.
export HOME=$hosts/home
rm -rf "$HOME"
mkdir -p "$HOME"
cd "$HOME"
"$claude" --version
"$claude" mcp add motion -- "$binary" --sandbox
listing=$(timeout --kill-after=10 120 "$claude" mcp list)
printf '%s\n' "$listing"
grep -q '^motion: .*Connected' <<<"$listing"
