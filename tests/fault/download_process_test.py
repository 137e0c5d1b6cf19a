#!/usr/bin/env python3
"""download_video of the real binary, against `motion-mcp sandbox` behind a proxy that can slow down and
cut the files. These tests try to have a download killed in the middle lose or join wrong bytes, two
processes write into one file, and the key reach the file host or a log.

Usage: download_process_test.py PATH_TO_MOTION_MCP
"""
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

BINARY = ""
# Generous, for sanitizers on a loaded machine.
DEADLINE_S = 60
KEY = "motion_download_canary"
PIECE = 64

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


class Proxy(http.server.ThreadingHTTPServer):
    """Hands requests on to the sandbox, whose links then lead here. Files pass in pieces."""

    daemon_threads = True

    def __init__(self, upstream_port):
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream_port = upstream_port
        self.file_requests = []   # their headers
        self.hold_after = None    # bytes of a file after which it stops until release is set
        self.release = threading.Event()
        self.refuse_next = []     # statuses for the coming requests for files
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def base_url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/api/motion"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection("127.0.0.1", self.server.upstream_port, timeout=DEADLINE_S)
        connection.request(self.command, self.path, body, dict(self.headers.items()))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.getheaders(), content

    def answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "keep-alive", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()

    def do_GET(self):
        is_file = self.path.startswith("/_sandbox/videos/")
        if is_file:
            self.server.file_requests.append(dict(self.headers.items()))
            if self.server.refuse_next:
                return self.answer(self.server.refuse_next.pop(0), [], b"")
        status, headers, content = self.forward()
        self.answer(status, headers, content)
        try:
            for at in range(0, len(content), PIECE):
                if is_file and self.server.hold_after is not None and at >= self.server.hold_after:
                    self.server.release.wait(DEADLINE_S)
                self.wfile.write(content[at:at + PIECE])
        except OSError:  # the other side left
            self.close_connection = True

    def do_POST(self):
        status, headers, content = self.forward()
        self.answer(status, headers, content)
        self.wfile.write(content)


class Process:
    """The server as a host has it."""

    def __init__(self, test, *flags, **variables):
        kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
                if name in os.environ}
        env = {**kept, "HOME": test.home.name, "MOTION_API_KEY": KEY, "MOTION_LOG_LEVEL": "debug",
               "MOTION_API_BASE_URL": test.proxy.base_url, **variables}
        self.test = test
        self.process = subprocess.Popen([BINARY, *flags], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env)
        self.last_id = 0
        test.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_S)
        test, stderr = self.test, b""
        if not self.process.stderr.closed:
            stderr = self.process.stderr.read()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except OSError:
                pass
        test.assertNotIn(KEY.encode(), stderr)
        test.assertNotIn(b"X-Goog-Signature=", stderr)

    def send(self, tool, arguments, token=None):
        self.last_id += 1
        meta = {**META, **({"progressToken": token} if token else {})}
        message = {"jsonrpc": "2.0", "id": self.last_id, "method": "tools/call",
                   "params": {"name": tool, "arguments": arguments, "_meta": meta}}
        self.process.stdin.write((json.dumps(message) + "\n").encode())
        self.process.stdin.flush()

    def read(self):
        line = self.process.stdout.readline()
        self.test.assertTrue(line, "the server ended")
        return json.loads(line)

    def result(self):
        while "id" not in (message := self.read()):
            pass
        return message["result"]

    def call(self, tool, **arguments):
        self.send(tool, arguments)
        return self.result()

    def finished_video(self, prompt="A calm ocean"):
        job_id = self.call("create_video", prompt=prompt)["structuredContent"]["job_id"]
        while not self.call("get_video_status", job_id=job_id, wait_seconds=50)["structuredContent"]["ready"]:
            pass
        return job_id


class Download(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        sandbox = subprocess.Popen([BINARY, "sandbox", "--speed", "5000"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (sandbox.kill(), sandbox.communicate(timeout=DEADLINE_S)))
        port = int(sandbox.stdout.readline().split(":")[2].split("/")[0])
        self.proxy = Proxy(port)
        self.addCleanup(self.proxy.server_close)
        self.addCleanup(self.proxy.shutdown)
        self.addCleanup(self.proxy.release.set)

    @property
    def videos(self):
        return pathlib.Path(self.home.name, ".local/share/motion-mcp/videos")

    def start_and_reach(self, job_id, least):
        """A process whose download stands still after at least that many bytes."""
        self.proxy.hold_after = least
        process = Process(self)
        process.send("download_video", {"job_id": job_id}, token="bytes")
        part = self.videos / f".a-calm-ocean-{job_id[:8]}.mp4.part"
        first = process.read()["params"]
        self.assertEqual(first["progressToken"], "bytes")
        self.assertGreater(first["total"], least)
        deadline = threading.Event()
        for _ in range(DEADLINE_S * 100):
            if part.exists() and part.stat().st_size >= least:
                return process, part
            deadline.wait(0.01)
        self.fail("the bytes did not come")

    def let_pass(self):
        self.proxy.hold_after = None
        self.proxy.release.set()

    def assert_saved(self, result, job_id):
        self.assertFalse(result.get("isError"), result)
        saved = result["structuredContent"]
        path = pathlib.Path(saved["path"])
        self.assertEqual(path, self.videos / f"a-calm-ocean-{job_id[:8]}.mp4")
        content = path.read_bytes()
        self.assertEqual(content[4:8], b"ftyp")
        self.assertEqual(saved["bytes"], len(content))
        self.assertEqual(saved["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.videos.stat().st_mode), 0o700)
        self.assertEqual([p.name for p in self.videos.iterdir()], [path.name])
        for headers in self.proxy.file_requests:
            self.assertNotIn("Authorization", headers)
            self.assertNotIn(KEY, str(headers))
        return content

    def whole_file(self, job_id):
        """What the sandbox has, asked for directly."""
        connection = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream_port, timeout=DEADLINE_S)
        connection.request("GET", f"/api/motion/sessions/{job_id}", headers={"Authorization": f"Bearer {KEY}"})
        url = json.load(connection.getresponse())["output"]["download_url"]
        connection.request("GET", url[url.index("/_sandbox"):])
        content = connection.getresponse().read()
        connection.close()
        return content

    def test_a_video_is_saved_in_the_data_folder(self):
        process = Process(self)
        self.assertFalse(self.videos.exists())
        job_id = process.finished_video()
        self.assertFalse(self.videos.exists())
        result = process.call("download_video", job_id=job_id)
        self.assertEqual(self.assert_saved(result, job_id), self.whole_file(job_id))

    def test_killed_in_the_middle_it_is_gone_on_with_and_the_file_is_the_same(self):
        job_id = Process(self).finished_video()
        process, part = self.start_and_reach(job_id, 3000)
        process.process.kill()
        process.process.wait(DEADLINE_S)
        have = part.stat().st_size
        self.assertEqual(stat.S_IMODE(part.stat().st_mode), 0o600)
        self.assertFalse((self.videos / f"a-calm-ocean-{job_id[:8]}.mp4").exists())
        self.let_pass()
        result = Process(self).call("download_video", job_id=job_id)
        self.assertEqual(self.assert_saved(result, job_id), self.whole_file(job_id))
        self.assertIs(result["structuredContent"]["resumed"], True)
        self.assertEqual(self.proxy.file_requests[-1]["Range"], f"bytes={have}-")
        self.assertIn("If-Range", self.proxy.file_requests[-1])

    def test_killed_again_and_again_it_still_comes_to_its_end(self):
        job_id = Process(self).finished_video()
        for _ in range(5):
            process, _ = self.start_and_reach(job_id, 1000)
            process.process.send_signal(signal.SIGKILL)
            process.process.wait(DEADLINE_S)
            self.proxy.release.set()
            self.proxy.release = threading.Event()
        self.let_pass()
        result = Process(self).call("download_video", job_id=job_id)
        self.assertEqual(self.assert_saved(result, job_id), self.whole_file(job_id))

    def test_a_host_that_leaves_or_cancels_leaves_a_part_to_go_on_with(self):
        job_id = Process(self).finished_video()
        process, _ = self.start_and_reach(job_id, 2000)
        process.process.stdin.close()
        self.assertEqual(process.process.wait(DEADLINE_S), 0)
        process, part = self.start_and_reach(job_id, 1000)
        cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled",
                  "params": {"requestId": process.last_id}}
        process.process.stdin.write((json.dumps(cancel) + "\n").encode())
        process.process.stdin.flush()
        self.let_pass()
        self.assertTrue(part.exists())
        result = process.call("download_video", job_id=job_id)
        self.assertEqual(self.assert_saved(result, job_id), self.whole_file(job_id))
        self.assertIs(result["structuredContent"]["resumed"], True)

    def test_two_processes_at_once_make_one_file(self):
        job_id = Process(self).finished_video()
        first, _ = self.start_and_reach(job_id, 2000)
        second = Process(self)
        second.send("download_video", {"job_id": job_id})
        self.let_pass()
        one, two = first.result(), second.result()
        self.assertEqual(self.assert_saved(one, job_id), self.whole_file(job_id))
        self.assert_saved(two, job_id)
        self.assertIs(two["structuredContent"]["already_there"], True)

    def test_a_link_that_is_refused_is_renewed(self):
        process = Process(self)
        job_id = process.finished_video()
        self.proxy.refuse_next = [403]
        result = process.call("download_video", job_id=job_id)
        self.assertEqual(self.assert_saved(result, job_id), self.whole_file(job_id))
        self.assertEqual(len(self.proxy.file_requests), 2)

    def test_it_goes_where_it_is_told_and_nowhere_else(self):
        with tempfile.TemporaryDirectory() as folder:
            process = Process(self, "--output-dir", f"{folder}/films")
            job_id = process.finished_video()
            outside = process.call("download_video", job_id=job_id, filename="../launch.mp4")
            self.assertTrue(outside["isError"])
            self.assertEqual(os.listdir(folder), [])
            saved = process.call("download_video", job_id=job_id, filename="launch")["structuredContent"]
            self.assertEqual(saved["path"], f"{folder}/films/launch.mp4")
            os.rename(f"{folder}/films", f"{folder}/moved")
            os.symlink(self.home.name, f"{folder}/films")
            linked = process.call("download_video", job_id=job_id)
            self.assertTrue(linked["isError"])
            self.assertIn("symbolic link", linked["content"][0]["text"])
            self.assertEqual(sorted(os.listdir(folder)), ["films", "moved"])
        self.assertFalse(self.videos.exists())

    def test_a_command_saves_it_too(self):
        job_id = Process(self).finished_video()
        kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS") if name in os.environ}
        env = {**kept, "HOME": self.home.name, "MOTION_API_KEY": KEY, "MOTION_API_BASE_URL": self.proxy.base_url}
        done = subprocess.run([BINARY, "call", "download_video", "--job_id", job_id, "--json"], env=env,
                              capture_output=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_saved({"structuredContent": json.loads(done.stdout)}, job_id)

    def test_a_command_that_was_killed_goes_on_with_its_output_file(self):
        job_id = Process(self).finished_video()
        kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS") if name in os.environ}
        env = {**kept, "HOME": self.home.name, "MOTION_API_KEY": KEY, "MOTION_API_BASE_URL": self.proxy.base_url}
        with tempfile.TemporaryDirectory() as folder:
            command = [BINARY, "call", "get_video_status", "--job_id", job_id, "--output", f"{folder}/a.mp4"]
            self.proxy.hold_after = 3000
            killed = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            part = pathlib.Path(folder, ".a.mp4.part")
            pause = threading.Event()
            for _ in range(DEADLINE_S * 100):
                if part.exists() and part.stat().st_size >= 3000:
                    break
                pause.wait(0.01)
            killed.kill()
            killed.wait(DEADLINE_S)
            self.assertGreaterEqual(part.stat().st_size, 3000)
            self.let_pass()
            done = subprocess.run(command, env=env, capture_output=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(os.listdir(folder), ["a.mp4"])
            self.assertEqual(pathlib.Path(folder, "a.mp4").read_bytes(), self.whole_file(job_id))
            self.assertIn("Range", self.proxy.file_requests[-1])


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
