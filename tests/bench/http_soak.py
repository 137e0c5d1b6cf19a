#!/usr/bin/env python3
"""Keeps `motion-mcp http` at full load for a while, valid calls beside everything a stranger may do, and watches it.

    tests/bench/http_soak.py [--minutes 10] [--build build/release]    prints a Markdown table, a row per minute
    tests/bench/http_soak.py --smoke                                   a few seconds: does it work at all

Fails when an answer was wrong, when a descriptor or a thread is left over, or when resident memory in the last minute
is more than 1.1 times that of minute 2. The upstream is `motion-mcp sandbox`, in a process of its own.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = 64
MAX_GROWTH = 1.1
# Threads of the pool live 10 s after their last call.
SETTLE_S = 30


def sample(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return {"resident_mib": int(fields["VmRSS"].split()[0]) / 1024, "threads": int(fields["Threads"]),
            "descriptors": len(os.listdir(f"/proc/{pid}/fd"))}


def start(build, *args, **variables):
    environment = {"PATH": os.environ["PATH"], **variables}
    process = subprocess.Popen([build / "motion-mcp", *args], env=environment, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    return process, process.stdout.readline().strip()


def row(name, counts, before, seconds, watched):
    per_second = (counts["answers"] - before["answers"]) / seconds
    print(f"| {name} | {counts['answers']:,} | {per_second:,.0f} | {counts['wrong']} | {counts['refusals']:,} | "
          f"{counts['disconnects']:,} | {watched['resident_mib']:.1f} | {watched['descriptors']} | "
          f"{watched['threads']} |", flush=True)


def settle(pid, before):
    """What is left when everybody has gone."""
    end = time.monotonic() + SETTLE_S
    while time.monotonic() < end:
        left = sample(pid)
        if left["threads"] <= before["threads"] and left["descriptors"] <= before["descriptors"]:
            break
        time.sleep(0.5)
    return left


def soak(server, port, build, seconds, interval):
    """Prints the table; returns the resident memory of each row, and the last counts."""
    generator = subprocess.Popen([build / "http-soak", port, str(seconds), str(CLIENTS)],
                                 stdout=subprocess.PIPE, text=True)
    resident = []
    before = counts = {"answers": 0, "wrong": 0, "refusals": 0, "disconnects": 0}
    began = time.monotonic()
    for second, line in enumerate(generator.stdout, 1):
        counts = json.loads(line)
        if second % interval == 0 and second <= seconds:
            watched = sample(server.pid)
            resident.append(watched["resident_mib"])
            row(f"{second} s", counts, before, time.monotonic() - began, watched)
            before, began = counts, time.monotonic()
    generator.wait(60)
    return resident, counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--build", type=pathlib.Path, default=REPOSITORY / "build/release")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    seconds, interval = (4, 2) if options.smoke else (options.minutes * 60, 60)
    build = options.build.resolve()

    with tempfile.TemporaryDirectory() as home:
        sandbox, base_url = start(build, "sandbox", "--speed", "10000")
        server, url = start(build, "http", "--listen", "127.0.0.1:0", "--max-paid-per-minute", "100000",
                            HOME=home, MOTION_API_BASE_URL=base_url)
        port = url.split(":")[2].split("/")[0]
        try:
            # What is made once and kept is not left over.
            subprocess.run([build / "http-soak", port, "1", "2"], check=True, stdout=subprocess.DEVNULL, timeout=60)
            idle = sample(server.pid)
            print("| time | answers | /s | wrong | refused | cut | resident, MiB | descriptors | threads |")
            print("|---" * 9 + "|")
            resident, counts = soak(server, port, build, seconds, interval)
            left = settle(server.pid, {**idle, "descriptors": idle["descriptors"] + CLIENTS})
            row("afterwards", counts, counts, 1, left)
            server.terminate()
            code = server.wait(30)
        finally:
            for process in (server, sandbox):
                process.kill()
                process.communicate()

    faults = []
    if code != 0:
        faults.append(f"the server ended with {code}")
    if counts["wrong"] or not counts["answers"]:
        faults.append(f"{counts['wrong']} of {counts['answers']} answers were wrong")
    if left["threads"] > idle["threads"]:
        faults.append(f"{left['threads'] - idle['threads']} threads are left over")
    if left["descriptors"] > idle["descriptors"] + CLIENTS:
        faults.append(f"{left['descriptors'] - idle['descriptors']} descriptors are left over")
    if not options.smoke and len(resident) > 2 and resident[-1] > MAX_GROWTH * resident[1]:
        faults.append(f"resident memory grew from {resident[1]:.1f} to {resident[-1]:.1f} MiB")
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
