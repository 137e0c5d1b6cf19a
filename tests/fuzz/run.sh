#!/usr/bin/env bash
# Builds the fuzz targets (preset fuzz) and runs them, a process a core, each from its corpus.
#   tests/fuzz/run.sh [SECONDS [TARGET...]]    60 seconds; every target
# Ends with a line for each target, and with exit code 1 after a finding, whose bytes are then in build/fuzz/findings.
# What it learned stays in build/fuzz/learned, for the next run; the corpus here changes by hand only.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

seconds=${1:-60}
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in tests/fuzz/*_fuzz.cpp; do
    name=$(basename "$file" _fuzz.cpp)
    targets+=("${name//_/-}")
  done
fi

launcher=()
command -v ccache >/dev/null 2>&1 && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake --preset fuzz "${launcher[@]}" >/dev/null || exit
cmake --build --preset fuzz --target fuzz-targets >build/fuzz/build.log 2>&1 || { tail -n 40 build/fuzz/build.log; exit 1; }

mkdir -p build/fuzz/findings build/fuzz/logs
# As tests/run.sh: the address sanitizer of clang 14 cannot map its memory where a kernel spreads addresses widely.
fixed_addresses=()
setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null &&
  fixed_addresses=(setarch "$(uname -m)" --addr-no-randomize)

fuzz() {  # fuzz TARGET
  local name=${1//-/_}
  mkdir -p "build/fuzz/learned/$name"
  timeout --kill-after=10 $((seconds + 120)) "${fixed_addresses[@]}" "build/fuzz/fuzz-$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len=4096 -dict=tests/fuzz/words.dict -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name-" \
    "build/fuzz/learned/$name" "tests/fuzz/corpus/$name" >"build/fuzz/logs/$name.log" 2>&1
}

declare -A running
for target in "${targets[@]}"; do
  fuzz "$target" &
  running[$target]=$!
done
failed=0
for target in "${targets[@]}"; do
  log=build/fuzz/logs/${target//-/_}.log
  if wait "${running[$target]}"; then
    echo "fuzz-$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs, no finding"
  else
    failed=1
    echo "fuzz-$target: FOUND something:"
    tail -n 60 "$log"
  fi
done
exit $failed
