#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. The last line is "N passed, N failed"; the exit
# code is not 0 when something failed.
#   tests/run.sh            dev (address and undefined sanitizers), release (both g++), tsan and fuzz (both clang++)
#   tests/run.sh --quick    dev alone
#   tests/run.sh PRESET...  these presets alone; fuzz runs every target of tests/fuzz for a minute
#   tests/run.sh --no-browser ...   without the tests that drive Chromium, and without installing it
# A part that cannot be installed, built or run counts as failed: nothing is skipped.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

browser=browser
if [ "${1:-}" = --no-browser ]; then
  browser=
  shift
fi
case "${1:-}" in
  --quick) presets=(dev) ;;
  -h|--help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
  '') presets=(dev release tsan fuzz) ;;
  *) presets=("$@") ;;
esac

cores=$(nproc)
results=$(mktemp -d)
started=$SECONDS
background=()
clean_up() {
  [ ${#background[@]} -eq 0 ] || kill "${background[@]}" 2>/dev/null
  rm -rf "$results"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

say() { printf '[%3d s] %s\n' $((SECONDS - started)) "$*"; }

failed_step() {  # failed_step NAME: a step that is not a test failed, and counts like one
  say "FAILED: $1"
  printf '<testsuite name="steps"><testcase name="%s" status="fail"/></testsuite>\n' "$1" >"$results/step-$1.xml"
}

launcher=()
command -v ccache >/dev/null 2>&1 && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
export CCACHE_SLOPPINESS=pch_defines,time_macros  # what ccache asks for to cache with precompiled headers

# The layers' own tests run under both sanitizers; what is installed then meets the real clients, the faulty networks
# and the load.
targets() {  # targets PRESET
  case "$1" in
    release) echo motion-mcp stdio-bench http-bench bare-beast ledger-bench http-soak suites-golden suites-http suites-fault ;;
    tsan) echo motion-mcp suites-unit suites-golden suites-http suites-fault ;;
    fuzz) echo fuzz-targets ;;
    dev) echo motion-mcp suites-unit suites-golden suites-http suites-fault conformance-server schema-judge fuzz-targets ;;
    *) echo all ;;
  esac
}
# Real clients, the official suite and the browser need one of the presets each.
labels() {  # labels PRESET
  local left_out
  case "$1" in
    release) left_out='unit|conformance|browser|fuzz' ;;
    tsan) left_out='interop|bench|conformance|browser|fuzz' ;;
    *) left_out='bench' ;;
  esac
  [ -n "$browser" ] || left_out+='|browser'
  echo --label-exclude "^($left_out)\$"
}

build() {  # build PRESET
  say "$1: configuring and building (3 to 6 minutes from nothing on 2 cores)"
  timeout --kill-after=10 120 cmake --preset "$1" "${launcher[@]}" >"$results/configure.log" 2>&1 ||
    { cat "$results/configure.log"; return 1; }
  # shellcheck disable=SC2046  # the targets are words
  timeout --kill-after=10 3600 cmake --build --preset "$1" --parallel "$cores" --target $(targets "$1") \
    >"$results/build.log" 2>&1 ||
    { grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)' "$results/build.log" | tail -n 60; return 1; }
}

# The sanitizers of g++ 12 and clang 14 cannot map their memory where a kernel spreads addresses widely.
fixed_addresses=()
setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null &&
  fixed_addresses=(setarch "$(uname -m)" --addr-no-randomize)

run_tests() {  # run_tests PRESET
  say "$1: running the tests"
  # shellcheck disable=SC2046  # the labels are words
  timeout --kill-after=10 2400 "${fixed_addresses[@]}" ctest --preset "$1" --parallel $((2 * cores)) --timeout 300 --no-tests=error \
    $(labels "$1") --output-junit "$results/$1.xml" \
    --test-output-size-passed 1000000 --test-output-truncation head
}

readonly fuzz_seconds=60

run_fuzz() {  # every target counts as a test
  say "fuzz: running the targets for $fuzz_seconds s"
  tests/fuzz/run.sh "$fuzz_seconds" | tee "$results/fuzz.log"
  {
    echo '<testsuite name="fuzz">'
    sed -nE 's/^(fuzz-[a-z-]+): [0-9]+ runs, no finding$/<testcase name="\1" status="run"\/>/p
             s/^(fuzz-[a-z-]+): FOUND.*$/<testcase name="\1" status="fail"\/>/p' "$results/fuzz.log"
    echo '</testsuite>'
  } >"$results/fuzz.xml"
  grep -q '<testcase' "$results/fuzz.xml" || failed_step fuzz
}

say "Looking for what is missing"
scripts/install-deps.sh ${browser:-test} || failed_step install-deps
tests/interop/install.sh >"$results/npm.log" 2>&1 &
npm=$!
background=("$npm")

built=()
for preset in "${presets[@]}"; do
  if build "$preset"; then built+=("$preset"); else failed_step "build-$preset"; fi
done

say "Waiting for Node and the MCP clients from npm"
wait "$npm" || { cat "$results/npm.log"; failed_step npm; }
background=()

for preset in "${built[@]}"; do
  if [ "$preset" = fuzz ]; then
    run_fuzz
    continue
  fi
  run_tests "$preset"
  [ -e "$results/$preset.xml" ] || failed_step "ctest-$preset"
done

say "Done"
python3 tests/sum_up.py "$results"/*.xml
