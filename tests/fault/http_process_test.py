#!/usr/bin/env python3
"""`motion-mcp http` as an operator has it. These tests try to lose an answer when it stops, to start it where strangers
could spend credits, and to find a limit without an effect.

Usage: http_process_test.py PATH_TO_MOTION_MCP
"""
import http.client
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
import time
import unittest

BINARY = ""
SCRATCH = tempfile.TemporaryDirectory(prefix="motion-mcp-http-")
# Generous, for sanitizers on a loaded machine.
DEADLINE_S = 60
KEY = "motion_http_process_0123456789"
JOB = "405d47cf-f72b-4852-b570-0de2446dbba1"
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


def environment(**variables):
    keep = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
            if name in os.environ}
    return {**keep, "HOME": SCRATCH.name, "MOTION_LEDGER": "off", **variables}


class Upstream:
    """A Motion API that answers when it is told to: open() lets all go that wait and come."""

    def __init__(self):
        self.came = threading.Semaphore(0)
        self.gate = threading.Event()
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                upstream.came.release()
                upstream.gate.wait(DEADLINE_S)
                body = json.dumps({"job_id": JOB, "status": "queued", "status_url": f"https://example.com/{JOB}"}).encode()
                try:
                    self.send_response(202 if self.command == "POST" else 200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # stopped meanwhile

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def open(self):
        self.gate.set()

    def close(self):
        self.open()
        self.server.shutdown()
        self.server.server_close()

    def environment(self):
        port = self.server.server_address[1]
        return environment(MOTION_API_BASE_URL=f"http://127.0.0.1:{port}/api/motion")


class Connection:
    """One connection to the endpoint."""

    def __init__(self, server, key=KEY):
        self.http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE_S)
        self.headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def send(self, method, more_headers=(), **params):
        self.request({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, more_headers)

    def send_modern(self, method, _meta=META, **params):
        headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method}
        if "name" in params:
            headers["Mcp-Name"] = params["name"]
        self.send(method, headers, **params, _meta=_meta)

    def request(self, message, more_headers=()):
        self.http.request("POST", "/mcp", json.dumps(message), {**self.headers, **dict(more_headers)})

    def response(self):
        """The status and the last message, of a plain answer or of a stream."""
        response = self.http.getresponse()
        body = response.read().decode()
        if response.headers["Content-Type"] == "text/event-stream":
            body = [line for line in body.splitlines() if line.startswith("data: ")][-1].removeprefix("data: ")
        return response.status, json.loads(body) if body else None

    def ask(self, method, **params):
        self.send(method, **params)
        return self.response()

    def status(self, *args, **params):
        return self.ask(*args, **params)[0]

    def close(self):
        self.http.close()


STATUS = {"name": "get_video_status", "arguments": {"job_id": JOB}}


def create(prompt="A fox"):
    return {"name": "create_video", "arguments": {"prompt": prompt}}


class HttpProcess(unittest.TestCase):
    def start(self, *flags, env=None, **options):
        process = subprocess.Popen([BINARY, "http", "--listen", "127.0.0.1:0", *flags], env=env or environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        self.addCleanup(self.end, process)
        process.url = process.stdout.readline().strip()
        process.port = int(process.url.split(":")[2].split("/")[0])
        return process

    @staticmethod
    def end(process):
        was_waited_for = process.returncode is not None
        ended = process.poll()
        process.kill()
        _, stderr = process.communicate()
        if ended is not None and not was_waited_for:
            print(f"the server had ended with {ended}, unasked:\n{stderr[-4000:]}", file=sys.stderr)

    def upstream(self):
        upstream = Upstream()
        self.addCleanup(upstream.close)
        return upstream

    @staticmethod
    def next_message(stream):
        while not (line := stream.readline()).startswith(b"data: "):
            assert line, "the stream ended without an answer"
        return json.loads(line.removeprefix(b"data: "))

    def connect(self, server, **options):
        connection = Connection(server, **options)
        self.addCleanup(connection.close)
        return connection

    @staticmethod
    def create(connection):
        connection.send_modern("tools/call", **create())
        return connection.response()[1]["result"]["structuredContent"]["job_id"]

    def assert_exits(self, process, code=0):
        _, stderr = process.communicate(timeout=DEADLINE_S)
        self.assertEqual(process.returncode, code, stderr)
        self.assertNotIn(KEY, stderr)
        return stderr


class Stop(HttpProcess):
    def test_every_open_request_has_its_response_before_the_server_is_gone(self):
        upstream = self.upstream()
        server = self.start("--drain", "2", env=upstream.environment())
        connections = [self.connect(server) for _ in range(4)]
        connections[0].send("tools/call", **create("one"))
        connections[1].send_modern("tools/call", **create("two"))
        connections[2].send("tools/call", **STATUS)
        connections[3].send_modern("tools/call", **STATUS)
        for _ in connections:
            self.assertTrue(upstream.came.acquire(timeout=DEADLINE_S))
        begin = time.monotonic()
        server.send_signal(signal.SIGTERM)
        for connection in connections:
            status, message = connection.response()
            self.assertEqual((status, message["id"], message["result"]["isError"]), (200, 1, True))
        self.assertGreater(time.monotonic() - begin, 0.5)  # it gave them time first
        self.assert_exits(server)

    def test_a_wait_that_streams_has_its_response_before_the_server_is_gone(self):
        server = self.start("--drain", "3", "--sandbox", "--speed", "1")
        connections = [self.connect(server) for _ in range(2)]
        job = self.create(connections[0])
        wait = {"name": "get_video_status", "arguments": {"job_id": job, "wait_seconds": 50}}
        connections[0].send("tools/call", **wait, _meta={"progressToken": "a"})
        connections[1].send_modern("tools/call", **wait, _meta={**META, "progressToken": "b"})
        streams = [connection.http.getresponse() for connection in connections]
        for stream in streams:
            self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
            self.assertIn("notifications/progress", self.next_message(stream)["method"])
        server.send_signal(signal.SIGTERM)
        for stream in streams:
            while "method" in (message := self.next_message(stream)):
                pass
            self.assertEqual(message["id"], 1)
            self.assertIn("the job itself goes on", message["result"]["content"][0]["text"])
            self.assertEqual(stream.read().strip(), b"")
        self.assert_exits(server)

    def test_a_call_that_ends_in_time_has_its_result(self):
        upstream = self.upstream()
        server = self.start("--drain", str(DEADLINE_S), env=upstream.environment())
        connection = self.connect(server)
        connection.send("tools/call", **create())
        self.assertTrue(upstream.came.acquire(timeout=DEADLINE_S))
        server.send_signal(signal.SIGTERM)
        with self.assertRaises(OSError):  # nobody new is let in
            while True:
                socket.create_connection(("127.0.0.1", server.port), DEADLINE_S).close()
        upstream.open()
        _, message = connection.response()
        self.assertIn(f"Job {JOB}: status queued", message["result"]["content"][0]["text"])
        self.assert_exits(server)

    def test_idle_and_half_sent_connections_hold_nothing_up(self):
        server = self.start("--drain", str(DEADLINE_S * 10), "--sandbox")
        idle = self.connect(server)
        self.assertEqual(idle.status("tools/list"), 200)
        server.send_signal(signal.SIGINT)
        self.assert_exits(server)

        server = self.start("--drain", "2", "--request-timeout", "60", "--sandbox")
        with socket.create_connection(("127.0.0.1", server.port), DEADLINE_S) as half:
            half.sendall(b"POST /mcp HTTP/1.1\r\nHost: ")
            self.assertEqual(self.connect(server).status("tools/list"), 200)
            server.send_signal(signal.SIGTERM)
            self.assertTrue(half.recv(65536).startswith(b"HTTP/1.1 503 "))
        self.assert_exits(server)


class Refusals(HttpProcess):
    def refuse(self, *flags, code=2, env=None):
        done = subprocess.run([BINARY, "http", *flags], env=env or environment(), capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        return done.stderr

    def test_what_would_let_strangers_in_does_not_start(self):
        key = environment(MOTION_API_KEY=KEY)
        anywhere = ("--listen", "0.0.0.0:0")
        named = (*anywhere, "--public-url", "https://mcp.example.org")
        for flags, env, sentence in (
            ((*named, "--shared-key"), key, "anybody"),
            (anywhere, key, "--allowed-host"),
            (("--shared-key",), environment(), "no Motion key to share"),
            (("--listen", "127.0.0.1:0"), {**key, "MOTION_ENDPOINT_TOKEN": "a" * 32}, "--shared-key"),
            (("--shared-key",), {**key, "MOTION_ENDPOINT_TOKEN": "short"}, "16 characters"),
            (("--shared-key", "--endpoint-token-file", "/nonexistent/token"), key, "/nonexistent/token"),
            (("--tls-cert", "/etc/hostname"), key, "--tls-key"),
            (("--tls-cert", "/nonexistent/cert", "--tls-key", "/nonexistent/key"), key, "/nonexistent/cert"),
            (("--tls-cert", __file__, "--tls-key", __file__), key, __file__),
            (("--trust-proxy", "everybody"), key, "everybody"),
            (("--public-url", "mcp.example.org"), key, "https://mcp.example.org"),
            (("--max-connections", "0"), key, "--max-connections"),
        ):
            with self.subTest(flags=flags):
                stderr = self.refuse(*flags, env=env)
                self.assertIn(sentence, stderr)
                self.assertNotIn(KEY, stderr)

    def test_an_address_that_is_taken_is_named(self):
        server = self.start("--sandbox")
        for flag in ("--listen", "--admin-listen"):
            address = f"127.0.0.1:{server.port}"
            flags = ("--listen", "127.0.0.1:0", flag, address) if flag != "--listen" else (flag, address)
            self.assertIn(address, self.refuse(*flags, "--sandbox", code=6))


class Limits(HttpProcess):
    """Each flag once: that it reaches what tests/http shows in full."""

    def raw(self, server, data):
        connection = socket.create_connection(("127.0.0.1", server.port), DEADLINE_S)
        self.addCleanup(connection.close)
        connection.sendall(data)
        return connection

    def test_sizes(self):
        server = self.start("--sandbox", "--max-body-bytes", "2000", "--max-header-bytes", "2000", "--max-headers", "20")
        text = "x" * 2000
        self.assertEqual(self.connect(server).status("ping", text=text), 413)
        for headers in ({"X": text}, {f"X-{n}": "y" for n in range(20)}):
            connection = self.connect(server)
            connection.send("ping", headers)
            self.assertEqual(connection.response()[0], 431)
        self.assertEqual(self.connect(server).status("ping"), 200)

    def test_connections(self):
        server = self.start("--sandbox", "--max-connections", "1")
        self.assertEqual(self.connect(server).status("ping"), 200)
        self.assertTrue(self.raw(server, b"").recv(65536).startswith(b"HTTP/1.1 503 "))

    def test_too_few_descriptors_for_the_connections_are_said(self):
        for connections, is_said in (("600", True), ("100", False)):
            server = self.start("--sandbox", "--max-connections", connections,
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 512)))
            self.assertEqual(self.connect(server).status("ping"), 200)
            server.terminate()
            self.assertEqual("the system allows 512 open files" in self.assert_exits(server), is_said)

    def test_streams(self):
        server = self.start("--sandbox", "--speed", "1", "--max-streams", "0")
        connection = self.connect(server)
        job = self.create(connection)
        wait = {"name": "get_video_status", "arguments": {"job_id": job, "wait_seconds": 2}}
        connection.send_modern("tools/call", **wait, _meta={**META, "progressToken": 1})
        response = connection.http.getresponse()
        self.assertEqual(response.headers["Content-Type"], "application/json")
        self.assertTrue(json.loads(response.read())["result"]["structuredContent"]["timed_out"])

    def test_calls_under_way(self):
        upstream = self.upstream()
        server = self.start("--max-in-flight", "2", "--max-in-flight-per-caller", "1", env=upstream.environment())
        first, second, third = (self.connect(server, key=f"{KEY}_{n}") for n in range(3))
        for connection in (first, second):
            connection.send("tools/call", **STATUS)
            self.assertTrue(upstream.came.acquire(timeout=DEADLINE_S))
        self.assertEqual(third.status("tools/call", **STATUS), 503)
        upstream.open()
        second.response()
        self.assertEqual(self.connect(server, key=f"{KEY}_1").status("tools/call", **STATUS), 200)

    def test_calls_under_way_for_one_caller(self):
        upstream = self.upstream()
        server = self.start("--max-in-flight-per-caller", "1", env=upstream.environment())
        first = self.connect(server)
        first.send("tools/call", **STATUS)
        self.assertTrue(upstream.came.acquire(timeout=DEADLINE_S))
        self.assertEqual(self.connect(server).status("tools/call", **STATUS), 429)

    def test_one_call_at_a_time_never_meets_the_limit(self):
        server = self.start("--sandbox", "--max-in-flight", "1", "--max-in-flight-per-caller", "1")
        connection = self.connect(server)
        for _ in range(500):
            self.assertEqual(connection.status("tools/call", **STATUS), 200)

    def test_paid_calls(self):
        server = self.start("--sandbox", "--max-paid-per-minute", "1")
        connection = self.connect(server)
        self.assertEqual(connection.status("tools/call", **create("one")), 200)
        self.assertEqual(connection.status("tools/call", **create("two")), 429)
        self.assertEqual(connection.status("tools/call", **STATUS), 200)
        self.assertEqual(self.connect(server, key=f"{KEY}_2").status("tools/call", **create("two")), 200)

    def test_times(self):
        server = self.start("--sandbox", "--request-timeout", "1", "--idle-timeout", "1", "--stall-timeout", "1")
        idle = self.raw(server, b"")
        slow = self.raw(server, b"POST")
        self.assertEqual(idle.recv(1), b"")
        self.assertTrue(slow.recv(65536).startswith(b"HTTP/1.1 408 "))
        body = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
        request = (b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                   b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                   % (server.port, KEY.encode(), len(body), body))
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            self.raw(server, request * 100_000)  # and takes none of the answers

    def test_no_caller_can_have_files_written_here(self):
        folder = os.path.join(SCRATCH.name, "films")
        server = self.start("--sandbox", env=environment(MOTION_OUTPUT_DIR=folder))
        connection = self.connect(server)
        _, listed = connection.ask("tools/list")
        names = [tool["name"] for tool in listed["result"]["tools"]]
        self.assertIn("create_video", names)
        self.assertNotIn("download_video", names)
        _, answer = connection.ask("tools/call", name="download_video", arguments={"job_id": JOB})
        self.assertEqual(answer["error"]["code"], -32602)
        self.assertFalse(os.path.exists(folder))

    def test_what_is_logged_and_watched(self):
        server = self.start("--sandbox", "--admin-listen", "127.0.0.1:0", "--access-log", "false")
        admin_port = int(server.stdout.readline().split(":")[2].split("/")[0])
        self.assertEqual(self.connect(server).status("tools/list"), 200)
        admin = http.client.HTTPConnection("127.0.0.1", admin_port, timeout=DEADLINE_S)
        for path, text in (("/healthz", "ok"), ("/readyz", "ready"), ("/metrics", "tools/list"),
                           ("/metrics", 'motion_mcp_jobs_watched{service="mosaic"} 0\n')):
            deadline = time.monotonic() + DEADLINE_S
            body = ""
            while text not in body:  # a request is counted when its answer has been written
                self.assertLess(time.monotonic(), deadline, body)
                admin.request("GET", path)
                response = admin.getresponse()
                self.assertEqual(response.status, 200)
                body = response.read().decode()
        admin.close()
        server.send_signal(signal.SIGTERM)
        self.assertEqual(self.assert_exits(server), "")


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
