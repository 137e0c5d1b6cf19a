#!/usr/bin/env python3
"""Hundreds of stdio processes come and go against one ledger, eight at a time, while another writes all
along. The test tries to make one of them meet a lock, go without history, or lose a row.

Usage: ledger_processes_test.py PATH_TO_MOTION_MCP [PROCESSES]
"""
import concurrent.futures
import glob
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading

BINARY = os.path.abspath(sys.argv[1])
PROCESSES = int(sys.argv[2]) if len(sys.argv) > 2 else 500
AT_A_TIME = 8
DEADLINE_S = 60
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}}


def ledger_in(home):
    """The one that was made for the sandbox's address."""
    (path,) = glob.glob(f"{home}/.local/share/motion-mcp/ledger-*.db")
    return path


class Server:
    def __init__(self, environment):
        self.process = subprocess.Popen([BINARY], env=environment, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def create(self, prompt):
        call = {"jsonrpc": "2.0", "id": prompt, "method": "tools/call",
                "params": {"name": "create_video", "arguments": {"prompt": prompt}, "_meta": META}}
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["result"]

    def end(self):
        _, stderr = self.process.communicate(timeout=DEADLINE_S)
        return stderr


def job_of(result):
    text = result["content"][0]["text"]
    assert not result.get("isError"), text
    assert text.startswith("The video is ordered; it takes minutes.\nJob "), text
    return result["structuredContent"]["job_id"]


def visit(environment, number):
    server = Server(environment)
    job = job_of(server.create(f"visit {number}"))
    stderr = server.end()
    assert stderr == "", stderr
    return f"visit {number}", job


def write_all_along(environment, done, jobs):
    server = Server(environment)
    number = 0
    while not done.is_set():
        jobs[f"all along {number}"] = job_of(server.create(f"all along {number}"))
        number += 1
    assert server.end() == ""


def rows_of(path):
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return dict(database.execute("SELECT prompt, job_id FROM orders WHERE state = 'started'"))


def main():
    kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
            if name in os.environ}
    sandbox = subprocess.Popen([BINARY, "sandbox"], env=kept, stdout=subprocess.PIPE, text=True)
    try:
        base_url = sandbox.stdout.readline().strip()
        with tempfile.TemporaryDirectory() as home:
            environment = {**kept, "HOME": home, "MOTION_API_KEY": "motion_ledger_test",
                           "MOTION_API_BASE_URL": base_url}
            done, others = threading.Event(), {}
            with concurrent.futures.ThreadPoolExecutor(AT_A_TIME + 1) as pool:
                writer = pool.submit(write_all_along, environment, done, others)
                visits = [pool.submit(visit, environment, number) for number in range(PROCESSES)]
                try:
                    expected = dict(each.result() for each in visits)
                finally:
                    done.set()
                writer.result()
            expected.update(others)
            rows = rows_of(ledger_in(home))
    finally:
        sandbox.terminate()
        sandbox.communicate(timeout=DEADLINE_S)
    lost = expected.items() - rows.items()
    assert not lost, f"lost: {sorted(lost)[:5]}"
    assert len(rows) == len(expected), (len(rows), len(expected))
    print(f"{PROCESSES} processes, {AT_A_TIME} at a time, beside {len(others)} orders of another: "
          f"{len(rows)} rows, none lost")


if __name__ == "__main__":
    main()
