#!/usr/bin/env python3
"""The real binary as a host has it: started, fed, abandoned. These tests try to leave a process
behind, to find anything but MCP on its stdout, and to lose an answer.

Usage: stdio_process_test.py PATH_TO_MOTION_MCP
"""
import http.server
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


def line(number, method, **params):
    """Of a version that begins with `initialize`."""
    return (json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n").encode()


def ping(number):
    return line(number, "ping")


def waiting_call(number, job_id, **meta):
    message = json.loads(request(number, "tools/call", name="get_video_status",
                                 arguments={"job_id": job_id, "wait_seconds": 50}))
    message["params"]["_meta"] = {**META, **meta}
    return (json.dumps(message) + "\n").encode()


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


class SlowApi:
    """An upstream that takes orders and answers when it is let."""

    JOB_ID = "405d47cf-f72b-4852-b570-0de2446dbba1"

    def __enter__(self):
        self.taken = threading.Event()
        self.may_answer = threading.Event()
        self.posts = 0
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                api.posts += 1
                api.taken.set()
                api.may_answer.wait(DEADLINE_S)
                body = json.dumps({"job_id": SlowApi.JOB_ID, "status": "queued"}).encode()
                self.send_response(202)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.may_answer.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/api/motion"


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

    def create_video(self, process):
        answer = self.ask(process, request(1, "tools/call", name="create_video",
                                           arguments={"prompt": "A fox"}))
        return answer["result"]["structuredContent"]["job_id"]

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

    def test_an_order_that_is_cancelled_while_it_is_sent_is_seen_through_and_found_again(self):
        with SlowApi() as api:
            env = self.environment(MOTION_API_KEY="motion_test_key_0000", MOTION_API_BASE_URL=api.url)
            process = self.start(env=env)
            order = {"name": "create_video", "arguments": {"prompt": "A fox in the snow"}}
            process.stdin.write(request(1, "tools/call", **order))
            process.stdin.flush()
            self.assertTrue(api.taken.wait(DEADLINE_S))
            cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
            process.stdin.write((json.dumps(cancel) + "\n").encode())
            self.assertEqual(self.ask(process, ping(2))["id"], 2)
            api.may_answer.set()
            answer = self.ask(process, request(3, "tools/call", **order))
            self.assertEqual(answer["id"], 3)
            self.assertEqual(answer["result"]["structuredContent"]["job_id"], SlowApi.JOB_ID)
            self.assertIn("nothing was sent now", answer["result"]["content"][0]["text"])
            self.assertEqual(api.posts, 1)
            process.stdin.close()
            self.assert_exits(process)
            self.assertEqual(process.stdout.read(), b"")

    def test_a_video_is_waited_for_in_one_call_with_progress_before_the_answer(self):
        process = self.start("--sandbox")
        job_id = self.create_video(process)
        process.stdin.write(waiting_call(2, job_id, progressToken="wait"))
        process.stdin.flush()
        reports = []
        while "id" not in (message := json.loads(process.stdout.readline())):
            reports.append(message["params"])
        job = message["result"]["structuredContent"]
        self.assertIs(job["ready"], True)
        self.assertNotIn("timed_out", job)
        self.assertGreaterEqual(len(reports), 2)
        self.assertEqual({report["progressToken"] for report in reports}, {"wait"})
        waited = [report["progress"] for report in reports]
        # Milliseconds, as fractions that are not exact.
        self.assertTrue(all(later - earlier > 4.998 for earlier, later in zip(waited, waited[1:])), waited)
        for report in reports:
            self.assertRegex(report["message"], r"Waited \d+ s\.$")
        process.stdin.close()
        self.assert_exits(process)
        self.assertEqual(process.stdout.read(), b"")

    def test_a_wait_that_is_cancelled_gets_no_answer_and_delays_nothing(self):
        process = self.start("--sandbox", "--speed", "1")
        job_id = self.create_video(process)
        process.stdin.write(waiting_call(2, job_id))
        self.assertEqual(self.ask(process, ping(3))["id"], 3)
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 2}}
        process.stdin.write((json.dumps(cancel) + "\n").encode())
        # The job is as it was, and can be asked for on the same connection.
        answer = self.ask(process, request(4, "tools/call", name="get_video_status",
                                           arguments={"job_id": job_id}))
        self.assertEqual(answer["id"], 4)
        self.assertFalse(answer["result"].get("isError"), answer)
        process.stdin.close()
        self.assert_exits(process)
        self.assertEqual(process.stdout.read(), b"")

    def test_a_wait_does_not_keep_it_alive_and_its_answer_says_that_the_job_goes_on(self):
        process = self.start("--sandbox", "--speed", "1")
        job_id = self.create_video(process)
        process.stdin.write(waiting_call(2, job_id))
        process.stdin.close()
        self.assert_exits(process)
        answer = json.loads(process.stdout.readline())
        self.assertEqual(answer["id"], 2)
        self.assertIn("the job itself goes on", answer["result"]["content"][0]["text"])

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

    def test_it_ends_when_an_answer_finds_no_reader_though_nothing_more_is_asked(self):
        with SlowApi() as api:
            process = self.start(env=self.environment(MOTION_API_KEY="motion_test_key_0000",
                                                      MOTION_API_BASE_URL=api.url))
            process.stdin.write(request(1, "tools/call", name="create_video", arguments={"prompt": "A fox"}))
            process.stdin.flush()
            self.assertTrue(api.taken.wait(DEADLINE_S))
            process.stdout.close()
            api.may_answer.set()
            self.assert_exits(process, 1)

    def test_without_an_input_it_ends_at_once_and_its_log_goes_into_no_connection(self):
        for closed in ((0,), (0, 2), (0, 1), (0, 1, 2)):
            process = self.start("--sandbox", preexec_fn=lambda: [os.close(fd) for fd in closed])
            self.assert_exits(process)

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

    def order(self, number, capabilities, **params):
        line = json.loads(request(number, "tools/call", name="create_video", **params))
        line["params"]["_meta"] = {**META, "io.modelcontextprotocol/clientCapabilities": capabilities}
        return (json.dumps(line) + "\n").encode()

    def test_a_person_is_asked_in_rounds_and_a_yes_is_good_once(self):
        process = self.start("--sandbox", "--confirm", "always")
        brief = {"arguments": {"prompt": "A fox"}}
        question = self.ask(process, self.order(1, {"elicitation": {}}, **brief))["result"]
        self.assertEqual(question["resultType"], "input_required")
        self.assertEqual(question["inputRequests"]["confirm"]["method"], "elicitation/create")
        yes = {"inputResponses": {"confirm": {"action": "accept", "content": {"confirm": True}}},
               "requestState": question["requestState"]}
        self.assertIn("job_id", self.ask(process, self.order(2, {"elicitation": {}}, **brief, **yes))
                      ["result"]["structuredContent"])
        brief["arguments"]["allow_duplicate"] = True
        self.assertIn("error", self.ask(process, self.order(3, {"elicitation": {}}, **brief, **yes)))

    def test_a_person_is_asked_through_a_client_of_an_older_version(self):
        for action in ("accept", "decline"):
            process = self.start("--sandbox", "--confirm", "always")
            self.ask(process, line(1, "initialize", protocolVersion="2025-06-18",
                                   capabilities={"elicitation": {}}, clientInfo={"name": "t", "version": "1"}))
            question = self.ask(process, line(2, "tools/call", name="create_video", arguments={"prompt": "A fox"}))
            self.assertEqual(question["method"], "elicitation/create")
            result = {"action": action, **({"content": {"confirm": True}} if action == "accept" else {})}
            answer = json.dumps({"jsonrpc": "2.0", "id": question["id"], "result": result}) + "\n"
            ordered = self.ask(process, answer.encode())
            self.assertEqual((ordered["id"], ordered["result"].get("isError", False)), (2, action == "decline"))

    def test_a_client_that_cannot_ask_gets_a_token_for_its_agent(self):
        process = self.start("--sandbox", "--confirm", "always")
        refused = self.ask(process, self.order(1, {}, arguments={"prompt": "A fox"}))["result"]
        self.assertTrue(refused["isError"])
        token = refused["content"][0]["text"].split('confirm_token="')[1].split('"')[0]
        arguments = {"prompt": "A fox", "confirm_token": token}
        ordered = self.ask(process, self.order(2, {}, arguments=arguments))["result"]
        self.assertIn("job_id", ordered["structuredContent"])

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
