#!/usr/bin/env python3
"""kill -9 at random moments around a paid request, then a restart on the same ledger with the same
arguments: nothing may be charged twice, and no job whose id was known may be lost.

Usage: kill_loop_test.py PATH_TO_MOTION_MCP [RUNS]
"""
import collections
import concurrent.futures
import glob
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

BINARY = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 200
AT_A_TIME = 8
AT_ONCE = 200
DEADLINE_S = 120
# Each way through the network takes a random time of up to this, so that a kill finds a server
# before its POST, between POST and answer, and after it.
SLOWEST_S = 0.03
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}}


def ledger_in(home):
    """The one that was made for the sandbox's address."""
    (path,) = glob.glob(f"{home}/.local/share/motion-mcp/ledger-*.db")
    return path


class SlowWay:
    """Passes connections on to the sandbox, holding back what comes from either side."""

    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/api/motion"

    def _accept(self):
        while True:
            near = self.listener.accept()[0]
            far = socket.create_connection(self.target)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pass_on(source, sink):
        try:
            while data := source.recv(65536):
                time.sleep(random.uniform(0, SLOWEST_S))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()  # the killed server's request still arrives, its answer goes nowhere


def start(environment):
    server = subprocess.Popen([BINARY], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    server.stdin.write(b'{"jsonrpc":"2.0","id":0,"method":"ping"}\n')
    server.stdin.flush()
    server.stdout.readline()
    return server


def request(prompt):
    message = {"jsonrpc": "2.0", "id": prompt, "method": "tools/call",
               "params": {"name": "create_video", "arguments": {"prompt": prompt}, "_meta": META}}
    return (json.dumps(message) + "\n").encode()


def ask_and_kill(environment, prompt, within_s):
    """The job id that the host was told before the server died, or None."""
    server = start(environment)
    server.stdin.write(request(prompt))
    server.stdin.flush()
    time.sleep(random.uniform(0, within_s))
    server.kill()
    answer, _ = server.communicate(timeout=DEADLINE_S)
    if not answer.endswith(b"\n"):
        return None
    result = json.loads(answer)["result"]
    assert not result.get("isError"), result
    return result["structuredContent"]["job_id"]


def ask_all(environment, prompts):
    """What one server that was started anew says to all of them, by prompt."""
    server = start(environment)
    results = {}
    for first in range(0, len(prompts), AT_ONCE):
        batch = prompts[first:first + AT_ONCE]
        server.stdin.write(b"".join(request(prompt) for prompt in batch))
        server.stdin.flush()
        for _ in batch:
            answer = json.loads(server.stdout.readline())
            results[answer["id"]] = answer["result"]
    server.communicate(timeout=DEADLINE_S)
    return results


def time_of_a_call(environment):
    """From the request to the answer, here and now: sanitizers and load make it longer."""
    server = start(environment)
    begun = time.monotonic()
    server.stdin.write(request("how long"))
    server.stdin.flush()
    server.stdout.readline()
    span = time.monotonic() - begun
    server.communicate(timeout=DEADLINE_S)
    return span


def charges(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_sandbox/ledger", timeout=DEADLINE_S) as answer:
        listed = json.load(answer)["charges"]
    jobs = collections.defaultdict(list)
    for charge in listed:
        jobs[charge["prompt"]].append(charge["job_id"])
    return jobs


def check(prompt, told, before, again, after):
    """What happened to one prompt, in a word. `before` and `after`: the jobs charged for it."""
    assert len(after) <= 1, f"{prompt} was charged twice: {after}"
    error = again.get("isError")
    said = None if error else again["structuredContent"]["job_id"]
    assert error or [said] == after, f"{prompt}: told {said}, charged {after}"
    if told:
        assert said == told, f"{prompt} was lost: {told}, then {again}"
        return "answered before the kill"
    if before:
        if error:
            assert again["_meta"]["motion-mcp/error"]["kind"] == "outcome_unknown", again
            return "killed between charge and answer, refused since"
        return "killed after the answer was written down, found again"
    if error:
        assert again["_meta"]["motion-mcp/error"]["kind"] == "outcome_unknown", again
        return "killed before the charge, refused since"
    return "killed before the order was written down, ordered after"


def main():
    kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
            if name in os.environ}
    sandbox = subprocess.Popen([BINARY, "sandbox"], env=kept, stdout=subprocess.PIPE, text=True)
    try:
        port = int(sandbox.stdout.readline().split(":")[2].split("/")[0])
        with tempfile.TemporaryDirectory() as home:
            environment = {**kept, "HOME": home, "MOTION_API_KEY": "motion_kill_loop",
                           "MOTION_API_BASE_URL": SlowWay(port).base_url}
            within_s = 3 * time_of_a_call(environment)
            prompts = [f"run {number}" for number in range(RUNS)]
            with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
                told = dict(zip(prompts, pool.map(lambda prompt: ask_and_kill(environment, prompt, within_s), prompts)))
            time.sleep(4 * SLOWEST_S)  # requests of killed servers still arrive
            before = charges(port)
            again = ask_all(environment, prompts)
            after = charges(port)
            database = sqlite3.connect(ledger_in(home))
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        sandbox.terminate()
        sandbox.communicate(timeout=DEADLINE_S)

    found = collections.Counter(check(prompt, told[prompt], before[prompt], again[prompt], after[prompt])
                                for prompt in prompts)
    for what, count in sorted(found.items()):
        print(f"{count:6} {what}")
    print(f"{RUNS:6} runs, {sum(map(len, after.values()))} charges, none twice, no id lost")
    assert found["killed between charge and answer, refused since"] > 0, "no kill hit the moment that matters"


if __name__ == "__main__":
    main()
