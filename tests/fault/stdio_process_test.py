#!/usr/bin/env python3
"""The real binary as a host has it: started, fed, abandoned. These tests try to leave a process
behind, to find anything but MCP on its stdout, and to lose an answer.

Usage: stdio_process_test.py PATH_TO_MOTION_MCP
"""
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

BINARY = ""
# Generous, for sanitizers on a loaded machine; the server's own bound is 2 s.
DEADLINE_S = 30

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


def request(number, method, **params):
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, "_meta": META}}
    return (json.dumps(message) + "\n").encode()


def ping(number):
    return (json.dumps({"jsonrpc": "2.0", "id": number, "method": "ping"}) + "\n").encode()


def status_call(number):
    return request(number, "tools/call", name="get_video_status",
                   arguments={"job_id": "405d47cf-f72b-4852-b570-0de2446dbba1"})


class BlackHole:
    """An upstream that takes connections and never answers."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.taken = []
        self.connected = threading.Event()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def _accept(self):
        while True:
            try:
                self.taken.append(self.listener.accept()[0])
            except OSError:
                return
            self.connected.set()

    def __exit__(self, *_):
        self.listener.close()
        for connection in self.taken:
            connection.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/api/motion"


class StdioProcess(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)

    def environment(self, **extra):
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith(("MOTION_", "XDG_")) and "proxy" not in k.lower()}
        return {**kept, "HOME": self.home.name, **extra}

    def start(self, *flags, env=None, **options):
        process = subprocess.Popen([BINARY, *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=env or self.environment(), **options)
        def end():
            process.kill()
            process.wait(DEADLINE_S)
            for stream in (process.stdin, process.stdout, process.stderr):
                try:
                    stream.close()
                except OSError:
                    pass
        self.addCleanup(end)
        return process

    def ask(self, process, line):
        process.stdin.write(line)
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def assert_exits(self, process, code=0):
        self.assertEqual(process.wait(DEADLINE_S), code, process.stderr.read().decode())

    def test_it_ends_with_its_input(self):
        process = self.start()
        process.stdin.close()
        self.assert_exits(process)
        self.assertEqual(process.stdout.read(), b"")

    def test_what_was_asked_before_the_input_ended_is_answered(self):
        lines = ping(1) + request(2, "tools/list") + request(3, "tools/call", name="create_video",
                                                             arguments={"prompt": "A fox"})
        done = subprocess.run([BINARY, "--sandbox"], input=lines, capture_output=True,
                              timeout=DEADLINE_S, env=self.environment(), check=True)
        answers = {a["id"]: a for a in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(sorted(answers), [1, 2, 3])
        self.assertEqual(answers[3]["result"]["structuredContent"]["status"], "queued")

    def test_a_call_that_hangs_does_not_keep_it_alive(self):
        with BlackHole() as upstream:
            env = self.environment(MOTION_API_KEY="motion_test_key_0000",
                                   MOTION_API_BASE_URL=upstream.url)
            process = self.start(env=env)
            process.stdin.write(status_call(1))
            process.stdin.flush()
            self.assertTrue(upstream.connected.wait(DEADLINE_S))
            process.stdin.close()
            self.assert_exits(process)

    def test_a_call_that_hangs_delays_nothing_and_can_be_cancelled(self):
        with BlackHole() as upstream:
            env = self.environment(MOTION_API_KEY="motion_test_key_0000",
                                   MOTION_API_BASE_URL=upstream.url)
            process = self.start(env=env)
            process.stdin.write(status_call(1))
            process.stdin.flush()
            self.assertTrue(upstream.connected.wait(DEADLINE_S))
            self.assertEqual(self.ask(process, ping(2))["id"], 2)
            cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled",
                      "params": {"requestId": 1}}
            process.stdin.write((json.dumps(cancel) + "\n").encode())
            self.assertEqual(self.ask(process, ping(3))["id"], 3)
            process.stdin.close()
            self.assert_exits(process)
            self.assertEqual(process.stdout.read(), b"")

    def test_it_ends_on_each_signal_that_asks_for_it(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number.name):
                process = self.start()
                self.ask(process, ping(1))
                process.send_signal(number)
                self.assert_exits(process)

    def test_it_ends_when_its_parent_is_killed_though_the_input_stays_open(self):
        host = ("import subprocess, sys, time\n"
                "child = subprocess.Popen([sys.argv[1]])\n"
                "print(child.pid, file=sys.stderr, flush=True)\n"
                "time.sleep(600)\n")
        parent = subprocess.Popen([sys.executable, "-c", host, BINARY], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  env=self.environment())
        child = int(parent.stderr.readline())
        try:
            self.ask(parent, ping(1))
            parent.kill()
            parent.wait(DEADLINE_S)
            # The server holds the other ends, so end of file here means that it is gone.
            self.assertEqual(parent.stdout.read(), b"")
        finally:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass
            for stream in (parent.stdin, parent.stdout, parent.stderr):
                stream.close()

    def test_it_lives_on_when_only_the_thread_that_started_it_ends(self):
        started = []
        thread = threading.Thread(target=lambda: started.append(self.start()))
        thread.start()
        thread.join(DEADLINE_S)
        process = started[0]
        for number in range(5):
            self.assertEqual(self.ask(process, ping(number))["id"], number)
        self.assertIsNone(process.poll())

    def test_it_ends_when_nobody_reads_its_output_any_more(self):
        process = self.start()
        self.ask(process, ping(1))
        process.stdout.close()
        try:
            process.stdin.write(ping(2))
            process.stdin.flush()
        except BrokenPipeError:
            pass
        self.assert_exits(process, 1)

    def test_a_host_that_writes_everything_before_it_reads_gets_every_answer(self):
        process = self.start()
        count = 300
        process.stdin.write(b"".join(request(n, "tools/list") for n in range(count)))
        process.stdin.close()
        answers = process.stdout.read().splitlines()
        self.assertEqual([json.loads(a)["id"] for a in answers], list(range(count)))
        self.assert_exits(process)

    def test_stdout_is_mcp_alone_and_what_prints_elsewhere_reaches_stderr(self):
        process = self.start("--log-level", "debug")
        self.ask(process, ping(1))
        links = [os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in (1, 2)]
        self.assertEqual(links[0], links[1])

    def test_without_a_key_it_lists_its_tools_and_says_how_to_give_one(self):
        process = self.start()
        tools = self.ask(process, request(1, "tools/list"))["result"]["tools"]
        self.assertIn("create_video", [tool["name"] for tool in tools])
        result = self.ask(process, status_call(2))["result"]
        self.assertTrue(result["isError"])
        self.assertIn("MOTION_API_KEY", result["content"][0]["text"])

    def test_it_says_at_its_start_when_it_keeps_no_history(self):
        for flags, warns in ((("--ledger", "off"), True), ((), False), (("--sandbox",), False)):
            with self.subTest(flags=flags):
                process = self.start(*flags, env=self.environment(MOTION_API_KEY="motion_stdio_test"))
                _, stderr = process.communicate(ping(1), timeout=DEADLINE_S)
                self.assertEqual(b"no history is kept" in stderr, warns)

    def test_a_disk_that_is_full_costs_the_history_and_nothing_else(self):
        sandbox = subprocess.Popen([BINARY, "sandbox"], stdout=subprocess.PIPE, env=self.environment())
        self.addCleanup(lambda: (sandbox.kill(), sandbox.communicate(timeout=DEADLINE_S)))
        env = self.environment(MOTION_API_KEY="motion_stdio_test",
                               MOTION_API_BASE_URL=sandbox.stdout.readline().decode().strip())
        full = (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        process = self.start(env=env, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, full))
        create = dict(name="create_video", arguments={"prompt": "A film."})
        first = self.ask(process, request(1, "tools/call", **create))["result"]
        self.assertIn("history on the server's disk cannot be written", first["content"][0]["text"])
        job_id = first["structuredContent"]["job_id"]
        again = self.ask(process, request(2, "tools/call", **create))["result"]
        self.assertEqual(again["structuredContent"]["job_id"], job_id)
        status = self.ask(process, request(3, "tools/call", name="get_video_status",
                                           arguments={"job_id": job_id}))["result"]
        self.assertEqual(status["structuredContent"]["job_id"], job_id)
        _, stderr = process.communicate(timeout=DEADLINE_S)
        self.assertEqual(stderr.count(b"goes on without history"), 1, stderr)

    def test_a_probe_leaves_no_trace(self):
        for flags in ((), ("--sandbox",)):
            process = self.start(*flags)
            self.ask(process, request(1, "server/discover"))
            self.ask(process, request(2, "tools/list"))
            process.stdin.close()
            self.assert_exits(process)
            self.assertEqual(os.listdir(self.home.name), [])


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
