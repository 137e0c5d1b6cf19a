#!/usr/bin/env bash
# Which lines of src/ the tests run: builds the preset coverage, runs the labels unit, golden, http, fault, interop and
# conformance, and prints gcovr's table, the least covered files first.
#   tests/coverage.sh            the pages with every line are then in build/coverage/report
# Ends with exit code 1 when a test fails, or fewer than 90 % of the lines were run.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

scripts/install-deps.sh coverage || exit
launcher=()
command -v ccache >/dev/null 2>&1 && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake --preset coverage "${launcher[@]}" >/dev/null || exit
cmake --build --preset coverage --target motion-mcp conformance-server schema-judge suites-unit suites-golden suites-http suites-fault \
  >build/coverage/build.log 2>&1 || { tail -n 40 build/coverage/build.log; exit 1; }
tests/interop/install.sh >build/coverage/npm.log 2>&1 || { cat build/coverage/npm.log; exit 1; }

find build/coverage -name '*.gcda' -delete
result=0
ctest --preset coverage --parallel "$(nproc)" --timeout 600 -L 'unit|golden|http|fault|interop|conformance' --no-tests=error \
  --output-log build/coverage/tests.log >/dev/null || { tail -n 40 build/coverage/tests.log; result=1; }

mkdir -p build/coverage/report
gcovr --root . --object-directory build/coverage --filter src/ --exclude-throw-branches --exclude-unreachable-branches -j "$(nproc)" \
  --sort-percentage --txt - --html-details build/coverage/report/index.html --fail-under-line 90 build/coverage || result=1
exit $result
