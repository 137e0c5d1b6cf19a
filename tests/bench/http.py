#!/usr/bin/env python3
"""Measures motion-mcp over HTTP beside the two official TypeScript SDKs and a bare Boost.Beast server, in one run.

    tests/bench/http.py [--build build/release] [--seconds 5]     prints Markdown tables
    tests/bench/http.py --smoke                                   a fraction of a second each: does it work at all

Every figure is of a server that was just started, and of answers that were all looked at by the load generator
(http-bench). One that is wrong or missing fails the run.
"""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NODE = REPOSITORY / "tests/interop/node.sh"
PEERS = REPOSITORY / "tests/interop/peers"
OURS, BARE, SDK, SERVER, DIRECT = "motion-mcp", "bare Beast", "sdk 1.32.2", "server 2.4.0", "direct GET"
ERAS = {"legacy": "2025-11-25", "modern": "2026-07-28"}
# A call answered locally, at 64 connections: at least so many times what the other does.
LOCAL_TARGETS = {BARE: 0.7, SDK: 10, SERVER: 15}
FORWARDED_TARGETS = {SERVER: 6}
TARGET_CONNECTIONS = 64
ADDED_LATENCY_MS = 0.5
SANDBOX_CONNECTIONS = 128
WAITER_KIB = 64


class Bench:
    def __init__(self, options):
        self.build = options.build.resolve()
        self.seconds = 0.1 if options.smoke else options.seconds
        self.counts = [1, 16] if options.smoke else [1, 16, 64, 256, 1000]
        self.many = 100 if options.smoke else 1000
        self.callers = 50 if options.smoke else 2000
        self.waited_for_speed = 100 if options.smoke else 30
        self.idle_seconds = 0.5 if options.smoke else 10
        self.node = output_of([NODE, "-p", "process.execPath"])
        self.wrong = []

    @contextlib.contextmanager
    def server(self, command, group=None, **environment):
        """Starts a server that prints its URL first, in a cgroup if one is given; yields the URL and its process id."""
        kept = {name: value for name, value in os.environ.items() if name == "PATH" or name.endswith("SAN_OPTIONS")}
        with tempfile.TemporaryDirectory() as home:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                       env=kept | {"HOME": home} | environment,
                                       preexec_fn=group.enter if group else None)
            try:
                url = process.stdout.readline().strip()
                if not url.startswith("http"):
                    sys.exit(f"{command[0]} said {url!r}")
                yield url, process.pid
            finally:
                process.terminate()
                process.wait(timeout=30)

    def sandbox(self, speed=100):
        return self.server([self.build / "motion-mcp", "sandbox", "--listen", "127.0.0.1:0", "--speed", str(speed)])

    def start(self, name, body=None, api=None, group=None):
        environment = {"MOTION_API_BASE_URL": api} if api else {}
        commands = {
            OURS: [self.build / "motion-mcp", "http", "--listen", "127.0.0.1:0"],
            BARE: [self.build / "bare-beast", "--body", body],
            SDK: [self.node, PEERS / "sdk_http_server.mjs"],
            SERVER: [self.node, PEERS / "server_package_http_server.mjs"],
        }
        return self.server(commands[name], group, **environment)

    def load(self, mode, url, what, **options):
        """Runs http-bench once."""
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        figures = json.loads(output_of([self.build / "http-bench", mode, "--url", url, *words]))
        for part in (figures, figures.get("load", {}), figures.get("again", {})):
            if part.get("errors"):
                self.wrong.append(f"{what}: {part['errors']} wrong, first: {part['first_error']}")
        return figures

    def local_answers(self, call, era):
        names = [OURS, BARE, SDK, SERVER] if era == "legacy" else [OURS, BARE, SERVER]
        rows = []
        with tempfile.TemporaryDirectory() as scratch:
            body = pathlib.Path(scratch) / "body.json"
            with self.start(OURS) as (url, _):
                body.write_text(self.load("sample", url, "sample", call=call, era=era)["body"])
            for connections in self.counts:
                row = {}
                for name in names:
                    with self.start(name, body) as (url, pid):
                        row[name] = self.load(call, url, f"{name}, {call}, {era}, {connections} connections", era=era,
                                              connections=connections, seconds=self.seconds, server=pid,
                                              initialize="no" if name == BARE else "yes")
                rows.append(row)
            with self.start(OURS) as (url, _):
                shared = self.load(call, url, f"one bearer, {call}, {era}", era=era, bearers="one", seconds=self.seconds)
        print_rates(f"{'tools/list' if call == 'list' else 'A call that the schema refuses'}, {ERAS[era]}", rows, LOCAL_TARGETS)
        print(f"\nWith one bearer for all {shared['connections']} connections: {shared['per_second']:,.0f} /s.")

    def forwarded(self, era):
        rows = []
        for connections in self.counts:
            row = {}
            for name in (OURS, SERVER, DIRECT) if connections <= SANDBOX_CONNECTIONS else (OURS, SERVER):
                what = f"{name}, get_video_status, {era}, {connections} connections"
                measured = dict(era=era, connections=connections, seconds=self.seconds)
                with self.sandbox() as (api, api_pid):
                    if name == DIRECT:
                        row[name] = self.load("get", api, what, server=api_pid, **measured)
                        continue
                    with self.start(name, api=api) as (url, pid):
                        row[name] = self.load("status", url, what, api=api, server=pid, **measured)
            rows.append(row)
        print_rates(f"get_video_status, forwarded to the sandbox, {ERAS[era]}", rows, FORWARDED_TARGETS)
        added = rows[0][OURS]["p50_ms"] - rows[0][DIRECT]["p50_ms"]
        print(f"\nAdded to a direct GET at one connection: p50 {added:.2f} ms (at most {ADDED_LATENCY_MS}).")

    def many_connections(self):
        rows = []
        for era, version in ERAS.items():
            with self.start(OURS) as (url, pid):
                burst = self.load("burst", url, f"burst, {era}", era=era, connections=self.many)
            with self.start(OURS) as (url, pid):
                idle = self.load("idle", url, f"idle, {era}", era=era, connections=self.many, seconds=self.idle_seconds,
                                 server=pid)
            rows.append([version, f"{burst['connections_answered']} of {self.many}", f"{burst['p50_ms']:.0f} / {burst['p99_ms']:.0f}",
                         f"{burst['load']['p99_ms']:.0f}", f"{idle['core_percent']:.2f} %", f"{idle['resident_kib_each']:.1f}",
                         f"{idle['connections_answered']} of {self.many}"])
        print(f"\n{self.many} connections\n")
        print_table(["", "opened at once beside 64 busy ones: answered", "connect() to answer, p50 / p99 ms (p99 below 1000)",
                     "p99 of the 64 meanwhile, ms", f"idle for {self.idle_seconds} s, of a core (below 1 %)", "KiB each",
                     "answered after it"], rows)


    def waiting_callers(self):
        """The jobs take 20 s, so that all callers are there before the first one ends and no wait runs out."""
        rows = []
        for era, version in ERAS.items():
            with memory_group() as group, self.sandbox(self.waited_for_speed) as (api, _), \
                 self.start(OURS, api=api, group=group) as (url, pid):
                memory = {"memory": group.usage} if group else {}
                figures = self.load("waiters", url, f"waiters, {era}", era=era, api=api, server=pid, connections=self.callers,
                                    jobs=self.callers // 10, **memory)
            rows.append([version, f"{figures['told']} of {figures['callers']}",
                         f"{figures['told_p50_ms']:.0f} / {figures['told_worst_ms']:.0f}",
                         f"{figures['most_reads']} / {figures['shortest_pause_ms'] / 1000:.1f}",
                         f"{figures['resident_kib_each']:.0f} / {figures['resident_kib_each_at_most']:.0f}",
                         f"{figures['group_kib_each']:.0f} / {figures['group_kib_each_at_most']:.0f}" if group
                         else "no cgroup to be had"])
        print(f"\n{self.callers} callers wait for {self.callers // 10} jobs on event streams\n")
        print_table(["", "told", "after the read that saw the end, median / last, ms (below 1000)",
                     "most GETs for one job / shortest pause between two, s (at least 1.6)",
                     f"resident KiB each, while they wait (at most {WAITER_KIB}) / while all are told",
                     f"cgroup KiB each, while they wait (at most {WAITER_KIB}) / while all are told"], rows)


class MemoryGroup:
    def __init__(self, folder, usage):
        self.folder, self.usage = folder, folder / usage

    def enter(self):
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))


@contextlib.contextmanager
def memory_group():
    """A cgroup of its own below ours, of either version; None where that is not allowed."""
    paths = {controllers: path for _, controllers, path in
             (line.split(":", 2) for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines())}
    root = pathlib.Path("/sys/fs/cgroup")
    old = "memory" in paths
    folder = root / ("memory" if old else "") / paths.get("memory" if old else "", "/").lstrip("/") / f"bench-{os.getpid()}"
    group = MemoryGroup(folder, "memory.usage_in_bytes" if old else "memory.current")
    try:
        folder.mkdir()
    except OSError:
        yield None
        return
    try:
        yield group if group.usage.exists() else None
    finally:
        folder.rmdir()


def output_of(command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout.strip()


def print_table(titles, rows):
    print("| " + " | ".join(titles) + " |")
    print("|---" * len(titles) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


def print_rates(title, rows, targets):
    print(f"\n{title}\n", flush=True)
    names = list(rows[0])
    peers = [name for name in names if name in targets]
    cells = []
    for row in rows:
        connections = row[OURS]["connections"]
        line = [str(connections)]
        line += [f"{row[name]['per_second']:,.0f} ({row[name]['p50_ms']:.2f} / {row[name]['p99_ms']:.2f})"
                 if name in row else "-" for name in names]
        for peer in peers:
            times = f"{row[OURS]['per_second'] / max(row[peer]['per_second'], 1):.{2 if targets[peer] < 1 else 1}f}"
            line.append(f"{times} (at least {targets[peer]})" if connections == TARGET_CONNECTIONS else times)
        cells.append(line + [f"{row[OURS]['processor_us_each']:.0f}", f"{row[OURS]['resident_mib']:.0f}"])
    print_table(["connections"] + [f"{name}, /s (p50 / p99 ms)" for name in names] + [f"times {peer}" for peer in peers]
                + ["processor time of a call, µs", "MiB"], cells)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, default=REPOSITORY / "build/release")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--only", choices=["local", "forwarded", "many", "waiting"])
    options = parser.parse_args()

    bench = Bench(options)
    print(f"{os.cpu_count()} cores, Linux {platform.release()}, Node {output_of([bench.node, '--version'])}, "
          f"load average {os.getloadavg()[0]:.1f}")
    parts = [("local", lambda: [bench.local_answers(call, era) for call in ("refused", "list") for era in ERAS]),
             ("forwarded", lambda: [bench.forwarded(era) for era in ERAS]),
             ("many", bench.many_connections), ("waiting", bench.waiting_callers)]
    for name, part in parts:
        if options.only in (None, name):
            part()
    if bench.wrong:
        sys.exit("\n" + "\n".join(bench.wrong))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]}: {error.stderr}")
