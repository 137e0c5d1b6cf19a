#!/usr/bin/env python3
"""Measures motion-mcp on stdio beside servers built with the two official TypeScript SDKs, in one run.

    tests/bench/stdio.py [--build build/release]     prints a Markdown table
    tests/bench/stdio.py --smoke                     a fraction of a second each: does it work at all

All three have the same tool and are driven by the same load generator (stdio-bench), one after the other.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NODE = REPOSITORY / "tests/interop/node.sh"
SDK = "sdk 1.32.2"
SERVER = "server 2.4.0"

# Figure, unit, how it is shown, and what motion-mcp must reach: its advantage over each peer.
ROWS = [
    ("cold_start_ms", "Cold start to the first tools/list answer, ms (median of {starts})", "{:.1f}",
     {SDK: 25, SERVER: 25}),
    ("resident_mib", "Resident memory after it, MiB", "{:.1f}", {SDK: 5, SERVER: 5}),
    ("refused_by_tool_per_second", "Calls answered locally by the tool, 100 in flight, /s", "{:,.0f}",
     {SDK: 3, SERVER: 8}),
    ("refused_by_schema_per_second", "Calls answered locally by the schema, 100 in flight, /s", "{:,.0f}",
     {SDK: 3, SERVER: 8}),
    ("refused_by_tool_processor_us", "Processor time for a call answered by the tool, µs", "{:.1f}", {}),
    ("refused_by_schema_processor_us", "Processor time for a call answered by the schema, µs", "{:.1f}", {}),
    ("one_at_a_time_per_second", "Calls answered locally by the tool, one at a time, /s", "{:,.0f}", {}),
    ("list_bytes_per_second", "tools/list, 100 in flight, MB/s", "{:,.1f}", {}),
    ("lists_per_second", "tools/list, 100 in flight, /s", "{:,.0f}", {}),
    ("resident_after_load_mib", "Resident memory after the load, MiB", "{:.1f}", {}),
]
SMALLER_IS_BETTER = {"cold_start_ms", "resident_mib", "resident_after_load_mib",
                     "refused_by_tool_processor_us", "refused_by_schema_processor_us"}


def node_binary():
    command = [NODE, "-p", "process.execPath"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


def measure(build, era, command, starts, seconds):
    environment = dict(os.environ, MOTION_API_KEY="motion_stdio_bench_0123456789abcdef")
    answer = subprocess.run(
        [build / "stdio-bench", "--era", era, "--starts", str(starts), "--seconds", str(seconds), "--", *command],
        check=True, capture_output=True, text=True, timeout=600, env=environment)
    figures = json.loads(answer.stdout)
    figures["list_bytes_per_second"] /= 1e6
    return figures


def advantage(row, ours, theirs):
    return theirs[row] / ours[row] if row in SMALLER_IS_BETTER else ours[row] / theirs[row]


def print_table(era, figures, starts):
    ours, peers = figures["motion-mcp"], [name for name in figures if name != "motion-mcp"]
    print(f"\n{era}\n")
    print("| | motion-mcp | " + " | ".join(peers) + " | " + " | ".join(f"times {peer}" for peer in peers) + " |")
    print("|---" * (2 + 2 * len(peers)) + "|")
    for row, title, shown, targets in ROWS:
        cells = [shown.format(figures[name][row]) for name in figures]
        for peer in peers:
            times = f"{advantage(row, ours, figures[peer]):.1f}"
            cells.append(f"{times} (at least {targets[peer]})" if peer in targets else times)
        print(f"| {title.format(starts=starts)} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=REPOSITORY / "build/release")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    starts, seconds = (1, 0.1) if options.smoke else (20, 5)

    build = options.build.resolve()
    node = node_binary()
    peers = REPOSITORY / "tests/interop/peers"
    servers = {
        "motion-mcp": [build / "motion-mcp"],
        SDK: [node, peers / "sdk_server.mjs"],
        SERVER: [node, peers / "server_package_server.mjs"],
    }
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    print(f"{os.cpu_count()} cores, Linux {platform.release()}, Node {version}")
    for era, title, names in (
            ("legacy", "2025-11-25 (initialize)", list(servers)),
            ("modern", "2026-07-28 (per request)", ["motion-mcp", SERVER])):
        print_table(title, {name: measure(build, era, servers[name], starts, seconds) for name in names}, starts)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]}: {error.stderr}")
